package io.hemline.serving.access;

import org.jspecify.annotations.Nullable;

/** A file of keys or certificates that cannot be used. The message names the setting, the file and what is wrong. */
public final class AccessMisconfigured extends RuntimeException {

    private static final long serialVersionUID = 1;

    AccessMisconfigured(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
