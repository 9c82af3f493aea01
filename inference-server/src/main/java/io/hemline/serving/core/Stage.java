package io.hemline.serving.core;

import java.util.Locale;

/** The parts of a request's way that are timed one by one. */
public enum Stage {

    /** From the first line of the request until the question is known. */
    READ,
    /** Looking for what is remembered. */
    CACHE,
    /** Finding what is known of the questions, images encoded. */
    FEATURES,
    /** Waiting for a batch. */
    QUEUE,
    /** In the model. */
    RUN,
    /** Writing the answer. */
    WRITE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The stage as metrics and spans name it. */
    public String word() {
        return word;
    }
}
