package io.hemline.serving.engine.image;

import io.hemline.serving.core.InvalidImage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the memory of the pictures that are decoded at the same time, by all versions together.
 *
 * <p>Thread-safe: the semaphore counts kilobytes.
 */
public final class DecodingRoom {

    private static final int KILOBYTE = 1024;

    private final long maxBytes;
    private final Semaphore free;

    /**
     * An empty one.
     *
     * @param maxBytes what the pictures may take together, under 2 TB
     */
    public DecodingRoom(long maxBytes) {
        this.maxBytes = maxBytes;
        this.free = new Semaphore(kilobytes(maxBytes), true);
    }

    /** Waits for room until the deadline. */
    void take(long bytes, long deadlineNanos) throws InvalidImage, LateImage {
        if (bytes > maxBytes) {
            throw new InvalidImage("must take at most " + maxBytes
                    + " bytes of memory here (encoder.max-decoded), takes " + bytes + " when it is decoded");
        }
        try {
            if (!free.tryAcquire(kilobytes(bytes), deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new LateImage();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LateImage();
        }
    }

    /** Gives back what was taken. */
    void release(long bytes) {
        free.release(kilobytes(bytes));
    }

    private static int kilobytes(long bytes) {
        return Math.toIntExact(bytes / KILOBYTE);
    }
}
