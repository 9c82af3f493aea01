package io.hemline.serving.engine.image;

import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the memory of concurrently decoded images, of all versions together.
 *
 * <p>Thread-safe: the semaphore counts kilobytes.
 */
public final class DecodingMemory {

    private static final int KILOBYTE = 1024;

    private final long maxBytes;
    private final Semaphore available;

    /**
     * Memory of which none is acquired.
     *
     * @param maxBytes of all decoded images, under 2 TB
     */
    public DecodingMemory(long maxBytes) {
        this.maxBytes = maxBytes;
        this.available = new Semaphore(kilobytes(maxBytes), true);
    }

    /** Waits until the memory is available or the deadline has passed. */
    void acquire(long bytes, long deadlineNanos) throws InvalidImage, DecodingTimeout {
        if (bytes > maxBytes) {
            throw new InvalidImage("must take at most " + maxBytes
                    + " bytes of memory here (encoder.max-decoded), takes " + bytes + " when it is decoded");
        }
        try {
            if (!available.tryAcquire(kilobytes(bytes), deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new DecodingTimeout();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DecodingTimeout();
        }
    }

    void release(long bytes) {
        available.release(kilobytes(bytes));
    }

    private static int kilobytes(long bytes) {
        return Math.toIntExact(bytes / KILOBYTE);
    }
}
