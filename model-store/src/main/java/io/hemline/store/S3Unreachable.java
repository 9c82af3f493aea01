package io.hemline.store;

import org.jspecify.annotations.Nullable;

/** S3 does not answer, or not in time: trying again may help, and what is kept on this machine may stand in. */
final class S3Unreachable extends StoreException {

    S3Unreachable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
