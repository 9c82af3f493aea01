package io.hemline.serving.lifecycle;

import java.util.Locale;

/** The states of a version in this server, in order; a version never goes back to an earlier one. */
public enum ModelState {
    /** Known, not loaded. */
    NEW,
    /** Being verified, loaded and checked by the promotion gate. */
    LOADING,
    /** Running calibration batches. */
    WARMING,
    /** Answering requests. */
    LIVE,
    /** Answering only the requests that hold a lease. */
    DRAINING,
    /** Closed, its memory released. */
    CLOSED,
    /** Rejected before it was live. */
    FAILED;

    /** The name in listings and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
