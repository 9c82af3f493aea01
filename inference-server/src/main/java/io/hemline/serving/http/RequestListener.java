package io.hemline.serving.http;

/** Receives every completed request. */
@FunctionalInterface
public interface RequestListener {

    /** Called on an event loop when the last byte was handed to the socket; neither blocks nor throws. */
    void completed(CompletedRequest request);
}
