package io.hemline.serving.security;

import org.jspecify.annotations.Nullable;

/** A file of keys or certificates that cannot be used. The message names the setting, the file and the fault. */
public final class InvalidKeyMaterial extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidKeyMaterial(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
