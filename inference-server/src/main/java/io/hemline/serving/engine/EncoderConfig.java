package io.hemline.serving.engine;

/**
 * Settings of the image encoder.
 *
 * <p>Immutable.
 *
 * @param maxQueue the most queued images; more are rejected immediately
 * @param maxPixels the most pixels of all queued images and the decoded one; more are rejected immediately
 * @param maxDecoded the most memory in bytes of concurrently decoded images, of all model versions together
 * @param cacheBytes the memory in bytes of cached embeddings, of all model versions together
 */
public record EncoderConfig(int maxQueue, long maxPixels, long maxDecoded, long cacheBytes) {

    private static final long UPPER_BOUND = 1_000_000_000_000L;

    /** 16 megapixels of four channels of 16 bits. */
    private static final long LARGEST_IMAGE_BYTES = 128_000_000;

    /** The encoders that may run at once: of the stable version, the canary, and the versions that they replace. */
    private static final int MAX_ENCODERS = 4;

    public EncoderConfig {
        if (maxQueue < 1 || maxQueue > 100_000) {
            throw new IllegalArgumentException("maxQueue: 1 to 100000 images, not " + maxQueue);
        }
        if (maxPixels < 1 || maxPixels > UPPER_BOUND) {
            throw new IllegalArgumentException("maxPixels: 1 to " + UPPER_BOUND + " pixels, not " + maxPixels);
        }
        if (maxDecoded < 1_000_000 || maxDecoded > UPPER_BOUND) {
            throw new IllegalArgumentException("maxDecoded: 1000000 to " + UPPER_BOUND + " bytes, not " + maxDecoded);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes: 0 or more bytes, not " + cacheBytes);
        }
    }

    /** A queue of a second or two; a quarter of the heap; some ten thousand embeddings of 768 numbers. */
    public static EncoderConfig defaults() {
        return new EncoderConfig(64, 64_000_000, maxDecoded(Runtime.getRuntime().maxMemory()), 32_000_000);
    }

    /** A quarter of the heap, but no more than one image of the largest size for each encoder. */
    static long maxDecoded(long heapBytes) {
        return Math.min(LARGEST_IMAGE_BYTES * MAX_ENCODERS, heapBytes / 4);
    }
}
