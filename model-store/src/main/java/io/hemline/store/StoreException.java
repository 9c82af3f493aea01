package io.hemline.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/*
 * The exceptions of this module:
 *
 *   StoreException                the store cannot be read or changed; the message states the remedy
 *   ├─ ArtifactRejected           a version does not match its manifest; a retry does not help
 *   ├─ FormatException            a document does not have the format; names the JSON member
 *   └─ S3Objects.Unreachable      S3 does not answer; a retry may help
 *   TensorRejected                a tensor of a client does not match its declaration
 */
/** A store cannot be read or changed. The message is one sentence for the operator. */
public class StoreException extends RuntimeException {

    public StoreException(String message) {
        this(message, null);
    }

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** One sentence, never {@code null}. */
    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
