package io.hemline.serving.core;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How things come to their end. */
public final class Closing {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Waits for the end of a thread that was told to stop, and for nothing less. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes things in the given order, whatever becomes of each. */
    public static void all(Iterable<AutoCloseable> things) {
        for (AutoCloseable thing : things) {
            try {
                thing.close();
            } catch (Exception e) {
                log.warn("closing {} failed", thing, e);
            }
        }
    }
}
