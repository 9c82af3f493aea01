package io.hemline.serving.core;

/** Why a request got no answer: who is to blame, and whether asking again may help. Every door gives each its code. */
public enum Failure {
    /** The caller asked something that cannot be answered, such as a market that no model knows. */
    INVALID(false),
    /** The feature store knows no such trend. */
    UNKNOWN_TREND(false),
    /** More is asked than can be answered in time. */
    OVERLOADED(true),
    /** The deadline passed before there was an answer. */
    DEADLINE_EXCEEDED(true),
    /** No model is live. */
    NO_MODEL(true),
    /** The feature store cannot be asked. */
    FEATURES_UNAVAILABLE(true),
    /** Something broke here. */
    INTERNAL(false);

    private final boolean retryable;

    Failure(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request may succeed a little later. */
    public boolean retryable() {
        return retryable;
    }
}
