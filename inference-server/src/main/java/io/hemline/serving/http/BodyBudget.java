package io.hemline.serving.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds how many bytes of bodies are held at once, by all requests together.
 *
 * <p>Thread-safe: the sum is atomic.
 */
public final class BodyBudget {

    private static final int MIN_WORKERS = 2;

    private final long max;
    private final AtomicLong held;

    /** An empty one, whose sum is told to the meters under a name. */
    public BodyBudget(long max, String name, MeterRegistry meters) {
        this.max = max;
        this.held = meters.gauge(name, new AtomicLong());
    }

    /** The threads, of all listeners together, that read large bodies and write large answers. */
    public static WorkerExecutor workers(Vertx vertx) {
        int processors = Runtime.getRuntime().availableProcessors();
        return vertx.createSharedWorkerExecutor("hemline-bodies", Math.max(MIN_WORKERS, processors));
    }

    /** Takes so many bytes, or none if that were too many. */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= max) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives back what was taken. */
    public void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** What a caller is told for whom there is no room. */
    public Problem full() {
        return Problem.of(
                ProblemType.OVERLOADED,
                "The bodies of other requests fill the " + max + " bytes for them (http.max-bodies); try again.");
    }
}
