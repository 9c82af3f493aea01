package io.hemline.serving.lifecycle;

import org.jspecify.annotations.Nullable;

/** A version cannot go live. The message is one sentence with the reason. */
public final class LoadException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean lasting;

    LoadException(String message, boolean lasting, @Nullable Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** Whether the same bytes would fail again. */
    boolean lasting() {
        return lasting;
    }
}
