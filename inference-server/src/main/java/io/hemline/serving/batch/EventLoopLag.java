package io.hemline.serving.batch;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long results lately lay until the event loop that asked for them came to take them.
 *
 * <p>Thread-safe: an atomic; of two threads that tell at once one may go unheard, which an average bears.
 */
final class EventLoopLag {

    private static final int WEIGHT = 8;

    private final AtomicLong average = new AtomicLong();

    void took(long nanos) {
        long before = average.get();
        average.set(before + (nanos - before) / WEIGHT);
    }

    long nanos() {
        return average.get();
    }
}
