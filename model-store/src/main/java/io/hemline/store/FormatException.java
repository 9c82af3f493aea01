package io.hemline.store;

/** A document of an artifact does not have the format. The message names the JSON member. */
public final class FormatException extends StoreException {

    public FormatException(String message) {
        super(message);
    }
}
