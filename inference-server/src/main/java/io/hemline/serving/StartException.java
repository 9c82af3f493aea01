package io.hemline.serving;

/** The server cannot start. The message is one line that names the reason. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
