package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A failed request. It has no stack trace: overload and invalid requests are normal. */
public final class ForecastException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Failure failure;
    private final transient List<Fault> faults;

    private ForecastException(Failure failure, String message, List<Fault> faults, @Nullable Throwable cause) {
        super(message, cause, false, cause != null);
        this.failure = requireNonNull(failure, "failure");
        this.faults = List.copyOf(faults);
    }

    /** A failure of the request as a whole. */
    public static ForecastException of(Failure failure, String message) {
        return new ForecastException(failure, message, List.of(), null);
    }

    /** A failure that names the questions at fault. */
    public static ForecastException of(Failure failure, String message, List<Fault> faults) {
        return new ForecastException(failure, message, faults, null);
    }

    /** An internal error; the cause goes to the log and never to the client. */
    public static ForecastException internal(String message, Throwable cause) {
        return new ForecastException(Failure.INTERNAL, message, List.of(), cause);
    }

    /** The kind of failure. */
    public Failure failure() {
        return failure;
    }

    /** The questions at fault, empty when it is the request as a whole. */
    public List<Fault> faults() {
        return faults;
    }

    /**
     * One question at fault.
     *
     * @param question its place in the request
     * @param field the field at fault, as a JSON Pointer below the item, such as {@code /market}
     * @param detail a sentence that names the value and the limit
     */
    public record Fault(int question, String field, String detail) {}

    /** The kinds of failure of a request. Each protocol has a code for each of them. */
    public enum Failure {
        /** The request is invalid, such as one with an unknown market. */
        INVALID(false),
        /** The feature store has no such trend. */
        UNKNOWN_TREND(false),
        /** There are more requests than can be answered in time. */
        OVERLOADED(true),
        /** The deadline passed before there was an answer. */
        DEADLINE_EXCEEDED(true),
        /** No model is live. */
        NO_MODEL(true),
        /** The feature store is unavailable. */
        FEATURES_UNAVAILABLE(true),
        /** An internal error. */
        INTERNAL(false);

        private final boolean retryable;

        Failure(boolean retryable) {
            this.retryable = retryable;
        }

        /** Whether the same request may succeed on a retry. */
        public boolean retryable() {
            return retryable;
        }
    }
}
