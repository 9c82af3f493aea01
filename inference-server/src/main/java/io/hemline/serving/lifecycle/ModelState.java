package io.hemline.serving.lifecycle;

import java.util.Locale;

/** Where a version stands on its way through this server. Only forward. */
public enum ModelState {
    /** Known, not looked at. */
    NEW,
    /** Being verified, loaded and held against its golden answers. */
    LOADING,
    /** Running batches that nobody waits for. */
    WARMING,
    /** Answering. */
    LIVE,
    /** Answering only what it was leased for. */
    DRAINING,
    /** Gone from memory. */
    CLOSED,
    /** Did not pass; never was live. */
    FAILED;

    /** The word that stands in listings and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
