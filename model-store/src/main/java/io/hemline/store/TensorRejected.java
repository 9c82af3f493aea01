package io.hemline.store;

/**
 * A tensor does not match its declaration: element count, type or range. The message names the tensor and the element.
 */
public final class TensorRejected extends RuntimeException {

    /** Without a stack trace, since it reports a client's error on the request path. */
    public TensorRejected(String message) {
        super(message, null, false, false);
    }
}
