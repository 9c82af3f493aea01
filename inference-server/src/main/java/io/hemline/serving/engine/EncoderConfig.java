package io.hemline.serving.engine;

/**
 * How images are encoded.
 *
 * <p>Immutable.
 *
 * @param maxQueue the most images that wait; more are refused at once
 * @param maxPixels the most pixels of all images that wait or are decoded; more are refused at once
 * @param maxDecoded the most bytes that decoded images may take at the same time, for all model versions together
 * @param cacheBytes the memory that embeddings may take, for all model versions together
 */
public record EncoderConfig(int maxQueue, long maxPixels, long maxDecoded, long cacheBytes) {

    private static final long MOST_DECODED = 1_000_000_000_000L;

    /** 16 megapixels of four channels of 16 bits. */
    private static final long LARGEST_IMAGE = 128_000_000;

    /** Of the stable version, of the canary, and of those that they replace. */
    private static final int LANES = 4;

    public EncoderConfig {
        if (maxQueue < 1 || maxQueue > 100_000) {
            throw new IllegalArgumentException("maxQueue: 1 to 100000 images, not " + maxQueue);
        }
        if (maxPixels < 1 || maxPixels > MOST_DECODED) {
            throw new IllegalArgumentException("maxPixels: 1 to " + MOST_DECODED + " pixels, not " + maxPixels);
        }
        if (maxDecoded < 1_000_000 || maxDecoded > MOST_DECODED) {
            throw new IllegalArgumentException("maxDecoded: 1000000 to " + MOST_DECODED + " bytes, not " + maxDecoded);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cacheBytes: 0 or more bytes, not " + cacheBytes);
        }
    }

    /** A second or two of waiting, some more for the largest; a quarter of the heap; some ten thousand embeddings of 768 numbers. */
    public static EncoderConfig defaults() {
        return new EncoderConfig(64, 64_000_000, maxDecoded(Runtime.getRuntime().maxMemory()), 32_000_000);
    }

    /** What may be decoded at once in a heap: more than the largest image that is read takes is never needed. */
    static long maxDecoded(long heapBytes) {
        return Math.min(LARGEST_IMAGE * LANES, heapBytes / 4);
    }
}
