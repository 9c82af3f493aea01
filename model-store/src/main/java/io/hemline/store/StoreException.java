package io.hemline.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/*
 * The failures of this room:
 *
 *   StoreException           the store cannot be read or changed as asked; the message says what to do
 *   ├─ ArtifactRejected      a version is not what its manifest promises; trying again does not help
 *   └─ FormatException       a document is not of the format; names the JSON member
 *   TensorRejected           a tensor in a JSON text is not what it declares; the writer of the text is to blame
 */
/** A store cannot be read or changed as asked. The message is one sentence for the operator. */
public class StoreException extends RuntimeException {

    public StoreException(String message) {
        this(message, null);
    }

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** One sentence, always there. */
    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
