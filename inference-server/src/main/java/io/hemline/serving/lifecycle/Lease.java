package io.hemline.serving.lifecycle;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps a live model alive for one request. Closing it again does nothing.
 *
 * <p>Thread-safe: the flag is atomic.
 */
public final class Lease implements AutoCloseable {

    private final LiveModel model;
    private final AtomicBoolean returned = new AtomicBoolean();

    Lease(LiveModel model) {
        this.model = model;
    }

    /** The model that is leased. */
    public LiveModel model() {
        return model;
    }

    @Override
    public void close() {
        if (returned.compareAndSet(false, true)) {
            model.release();
        }
    }
}
