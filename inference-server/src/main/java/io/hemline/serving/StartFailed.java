package io.hemline.serving;

/** The server cannot start. The message is one line that says what is in the way. */
public final class StartFailed extends Exception {

    private static final long serialVersionUID = 1;

    StartFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
