package io.hemline.store;

/** A document of an artifact is not of the format. The message names the document's JSON member. */
public final class FormatException extends StoreException {

    public FormatException(String message) {
        super(message);
    }
}
