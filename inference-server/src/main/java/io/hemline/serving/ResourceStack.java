package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes resources in the reverse order of their opening, each once, even if closing others fails.
 *
 * <p>Thread-safe: by its lock; a second caller of {@link #close} waits for the first.
 */
final class ResourceStack implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ResourceStack.class);

    private final Deque<Named> opened = new ArrayDeque<>();

    /** Adds the resource that was opened last, and returns it. */
    synchronized <T extends AutoCloseable> T add(String name, T resource) {
        opened.push(new Named(name, resource));
        return resource;
    }

    /**
     * Closes everything. An interrupt ends the wait for the resource that is being closed, and is set again at the end.
     */
    @Override
    public synchronized void close() {
        boolean interrupted = false;
        while (!opened.isEmpty()) {
            Named last = opened.pop();
            try {
                last.resource.close();
            } catch (InterruptedException e) {
                interrupted = true;
                log.warn("interrupted while {} closed", last.name);
            } catch (Exception e) {
                log.warn("closing {} failed", last.name, e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Named(String name, AutoCloseable resource) {

        Named {
            requireNonNull(name, "name");
            requireNonNull(resource, "resource");
        }
    }
}
