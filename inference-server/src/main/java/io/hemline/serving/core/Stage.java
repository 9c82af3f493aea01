package io.hemline.serving.core;

import java.util.Locale;

/** The stages of a request that are timed one by one. */
public enum Stage {

    /** From the request line until the questions are known. */
    READ,
    /** Looking into the forecast cache. */
    CACHE,
    /** Finding features and encoding images. */
    FEATURES,
    /** Waiting for a batch. */
    QUEUE,
    /** Running in the model. */
    RUN,
    /** Writing the answer. */
    WRITE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The stage as metrics and spans name it. */
    public String word() {
        return word;
    }
}
