package io.hemline.serving.features;

import org.jspecify.annotations.Nullable;

/** A snapshot file that cannot be used. The message names file, line and field. */
public final class InvalidSnapshot extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidSnapshot(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
