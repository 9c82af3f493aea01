package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Closing;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the store again and again, on a thread of its own that yields to the others.
 *
 * <p>Thread-safe: the latch tells the thread to stop.
 */
public final class StoreWatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoreWatcher.class);

    private final Runnable look;
    private final Duration poll;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch looked = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "hemline-store-watcher");

    @SuppressWarnings("ThreadPriorityCheck") // a hint to yield to requests; nothing relies on it
    public StoreWatcher(Runnable look, Duration poll) {
        this.look = requireNonNull(look, "look");
        this.poll = requireNonNull(poll, "poll");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /** Starts to watch, and returns when it has looked once: when a model is live, if any can be. */
    public void start() throws InterruptedException {
        thread.start();
        looked.await();
    }

    private void watch() {
        boolean stop = false;
        String lastFailure = "";
        while (!stop) {
            try {
                look.run();
            } catch (RuntimeException | LinkageError e) {
                // One bad look must not end the watching, nor fill the log when the next ones are as bad.
                if (!e.toString().equals(lastFailure)) {
                    log.error("looking at the store failed", e);
                }
                lastFailure = e.toString();
            }
            looked.countDown();
            stop = stopping();
        }
    }

    private boolean stopping() {
        try {
            return stopped.await(poll.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Lets the look at hand finish. */
    @Override
    public void close() {
        stopped.countDown();
        Closing.await(thread);
    }
}
