package io.hemline.serving.core;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes resources and ends threads. */
public final class Closing {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Waits until a stopping thread has ended, even if the caller is interrupted. */
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

    /** Closes resources in the given order; the failure of one does not keep the next from being closed. */
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
