package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Closing;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pass over the store in fixed intervals, on a thread of its own with the lowest priority.
 *
 * <p>Thread-safe: a latch stops the thread.
 */
public final class StoreWatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoreWatcher.class);

    private final Runnable pass;
    private final Duration poll;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch firstPass = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "hemline-store-watcher");

    @SuppressWarnings("ThreadPriorityCheck") // a hint to yield to requests; nothing relies on it
    public StoreWatcher(Runnable pass, Duration poll) {
        this.pass = requireNonNull(pass, "pass");
        this.poll = requireNonNull(poll, "poll");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /** Starts the thread and returns after the first pass: with a live model, if any version can be live. */
    public void start() throws InterruptedException {
        thread.start();
        firstPass.await();
    }

    private void watch() {
        boolean stop = false;
        String lastFailure = "";
        while (!stop) {
            try {
                pass.run();
            } catch (RuntimeException | LinkageError e) {
                // A failed pass must not end the thread, and equal failures are logged once.
                if (!e.toString().equals(lastFailure)) {
                    log.error("a pass over the store failed", e);
                }
                lastFailure = e.toString();
            }
            firstPass.countDown();
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

    /** Waits until the current pass has finished. */
    @Override
    public void close() {
        stopped.countDown();
        Closing.await(thread);
    }
}
