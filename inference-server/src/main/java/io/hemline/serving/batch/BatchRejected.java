package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;

/** The rejection of rows that were not run. Made without a stack trace, since overload makes many of them. */
public final class BatchRejected extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    BatchRejected(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = requireNonNull(reason, "reason");
    }

    /** For work that itself notices that the deadline has passed. */
    public static BatchRejected late(String message) {
        return new BatchRejected(Reason.LATE, message);
    }

    /** For limits outside of the batcher. */
    public static BatchRejected full(String message) {
        return new BatchRejected(Reason.FULL, message);
    }

    public Reason reason() {
        return reason;
    }

    /** The failure of a request whose rows {@code component} rejected or failed to run. */
    public static ForecastException toForecastException(String component, Throwable cause) {
        if (cause instanceof ForecastException known) {
            return known;
        }
        if (!(cause instanceof BatchRejected rejection)) {
            return ForecastException.internal("the " + component + " failed", cause);
        }
        return switch (rejection.reason()) {
            case FULL, CLOSED ->
                ForecastException.of(Failure.OVERLOADED, "the " + component + " is busy: " + rejection.getMessage());
            case LATE ->
                ForecastException.of(
                        Failure.DEADLINE_EXCEEDED,
                        "the " + component + " was not done in time: " + rejection.getMessage());
        };
    }

    /** Why rows were rejected. */
    public enum Reason {
        /** The queue has no room, or the wait would be too long, for all rows of the request. */
        FULL,
        /** The rows could not be run before their deadline. */
        LATE,
        /** The batcher is closed. */
        CLOSED
    }
}
