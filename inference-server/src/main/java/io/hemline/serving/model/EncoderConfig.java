package io.hemline.serving.model;

/**
 * How images are encoded.
 *
 * <p>Immutable.
 *
 * @param maxQueue the most images that wait; more are refused at once
 * @param cacheBytes the memory that embeddings may take, for all model versions together
 */
public record EncoderConfig(int maxQueue, long cacheBytes) {

    public EncoderConfig {
        if (maxQueue < 1 || maxQueue > 100_000) {
            throw new IllegalArgumentException("maxQueue: 1 to 100000 images, not " + maxQueue);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes: 0 or more bytes, not " + cacheBytes);
        }
    }

    /** A second or two of waiting; some ten thousand embeddings of 768 numbers. */
    public static EncoderConfig defaults() {
        return new EncoderConfig(64, 32_000_000);
    }
}
