package io.hemline.serving.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of bodies in memory, of all requests of a listener together.
 *
 * <p>Thread-safe: the sum is atomic.
 */
public final class BodyBudget {

    private static final int MIN_WORKERS = 2;

    private final long max;
    private final AtomicLong held;

    /** An empty budget, with a gauge of the bytes in use. */
    public BodyBudget(long max, String name, MeterRegistry meters) {
        this.max = max;
        this.held = meters.gauge(name, new AtomicLong());
    }

    /** The threads of all listeners together that read large bodies and write large answers. */
    public static WorkerExecutor workers(Vertx vertx) {
        int processors = Runtime.getRuntime().availableProcessors();
        return vertx.createSharedWorkerExecutor("hemline-bodies", Math.max(MIN_WORKERS, processors));
    }

    /** Takes that many bytes, or none and {@code false} where they exceed the budget. */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= max) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** An empty reservation of one request. */
    public Reservation reservation() {
        return new Reservation();
    }

    /** Releases bytes that were taken. */
    public void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** The problem of a body that exceeds the budget. */
    public Problem full() {
        return Problem.of(
                ProblemType.OVERLOADED,
                "The bodies of other requests fill the " + max + " bytes for them (http.max-bodies); try again.");
    }

    /**
     * The bytes of one request's body. They stay reserved until the request has ended and no work on the body is
     * pending, since until then the body is in memory, even if its client has disconnected.
     *
     * <p>Confined to one event loop.
     */
    public final class Reservation {

        private long bytes;
        private int pendingWork;
        private boolean ended;

        private Reservation() {}

        /** The budget that these bytes are of. */
        public BodyBudget budget() {
            return BodyBudget.this;
        }

        /** Reserves more bytes; {@code false} where the budget has no room for them. */
        public boolean add(long more) {
            if (!take(more)) {
                return false;
            }
            adopt(more);
            return true;
        }

        /** Becomes responsible for bytes that were taken before. */
        public void adopt(long taken) {
            bytes += taken;
            releaseIfUnused();
        }

        public void workStarts() {
            pendingWork++;
        }

        public void workEnds() {
            pendingWork--;
            releaseIfUnused();
        }

        /** To be called when the request has ended; a second call does nothing. */
        public void end() {
            ended = true;
            releaseIfUnused();
        }

        private void releaseIfUnused() {
            if (ended && pendingWork == 0) {
                release(bytes);
                bytes = 0;
            }
        }
    }
}
