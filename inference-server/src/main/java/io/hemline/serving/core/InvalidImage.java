package io.hemline.serving.core;

import org.jspecify.annotations.Nullable;

/** Bytes that are no readable image. The message is a sentence for the client that names value and limit. */
public final class InvalidImage extends Exception {

    private static final long serialVersionUID = 1;

    public InvalidImage(String message) {
        this(message, null);
    }

    public InvalidImage(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
