package io.hemline.serving.http;

/** Hears of every request that was answered. */
@FunctionalInterface
public interface RequestListener {

    /** Told when the last byte was handed to the socket; on an event loop, so it neither blocks nor throws. */
    void left(CompletedRequest passage);
}
