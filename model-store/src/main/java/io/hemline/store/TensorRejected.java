package io.hemline.store;

/** A tensor is not what it declares: element count, type or range. The message names the tensor and the element. */
public final class TensorRejected extends RuntimeException {

    /** Without a stack trace, for it answers a client's mistake on the request path. */
    public TensorRejected(String message) {
        super(message, null, false, false);
    }
}
