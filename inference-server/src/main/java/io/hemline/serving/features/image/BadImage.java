package io.hemline.serving.features.image;

import org.jspecify.annotations.Nullable;

/** Bytes that are no image we read. The message is a sentence for the caller, naming value and limit. */
public final class BadImage extends Exception {

    private static final long serialVersionUID = 1;

    public BadImage(String message) {
        this(message, null);
    }

    public BadImage(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
