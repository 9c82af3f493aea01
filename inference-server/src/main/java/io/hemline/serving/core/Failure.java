package io.hemline.serving.core;

/** The kinds of failure of a request. Each protocol has a code for each of them. */
public enum Failure {
    /** The request cannot be answered as it stands, such as one with a market that no model knows. */
    INVALID(false),
    /** The feature store knows no such trend. */
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
