package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

/** Rows that were not run. Made without a stack trace, for being full is an answer. */
public final class BatchRejected extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    BatchRejected(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** For work that finds out by itself that its deadline has passed. */
    public static BatchRejected late(String message) {
        return new BatchRejected(Reason.LATE, message);
    }

    /** For a bound that the batcher does not know. */
    public static BatchRejected full(String message) {
        return new BatchRejected(Reason.FULL, message);
    }

    /** Why they were not run. */
    public Reason reason() {
        return reason;
    }

    /** Why rows are not run. */
    public enum Reason {
        /** The queue has no room for all rows of the request. */
        FULL,
        /** The rows could not be run before their deadline. */
        LATE,
        /** The batcher takes nothing any more. */
        CLOSED
    }
}
