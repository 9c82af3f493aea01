package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.ResponseLookup.LiveVersion;
import io.hemline.serving.engine.NativeHeap;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version that is ready to answer: its path, and the graphs that compute below it.
 *
 * <p>Thread-safe: {@code leases} alone decides whether further leases are given and when the model is closed.
 */
public final class LiveModel implements LiveVersion {

    /*
     * ONNX Runtime crashes the process when a session is closed while it runs. So the sessions are closed when the last
     * lease is returned, after the batcher has finished the queued rows, and never otherwise.
     *
     * Assumptions
     *   - a caller of the path holds a lease until the answer is there
     * Guarantees
     *   - a lease is valid until it is returned, also after a swap of the slot
     *   - after retire no new lease is given; after the return of the last one, everything is closed, once, on a thread
     *     of its own
     *
     * One integer holds both the count and, in its sign bit, that the model is retired, so that no lease can be given
     * between the two. Retired and zero is final.
     */
    private static final Logger log = LoggerFactory.getLogger(LiveModel.class);
    private static final int RETIRED = Integer.MIN_VALUE;

    private final RunningGraphs graphs;
    private final VersionPath path;
    private final TrendScorer scorer;
    private final VersionLifecycle lifecycle;
    private final AtomicInteger leases = new AtomicInteger();
    private final Promise<Void> closed = Promise.promise();

    LiveModel(RunningGraphs graphs, VersionPath path, TrendScorer scorer, VersionLifecycle lifecycle) {
        this.graphs = requireNonNull(graphs, "graphs");
        this.path = requireNonNull(path, "path");
        this.scorer = requireNonNull(scorer, "scorer");
        this.lifecycle = requireNonNull(lifecycle, "lifecycle");
    }

    /** The version's name in answers. */
    @Override
    public ModelIdentity identity() {
        return graphs.identity();
    }

    /** The version's number in the store. */
    public int version() {
        return graphs.artifact().version();
    }

    /** Its running graphs. */
    public RunningGraphs graphs() {
        return graphs;
    }

    /** The steps from its response cache to its session; may be used under a lease only. */
    public VersionPath path() {
        return path;
    }

    @Override
    public AnswerCache cache() {
        return path.cache();
    }

    @Override
    public void answeredFromCache(long nanos) {
        path.health().recordHit(nanos);
    }

    /** Fills the cache with another version's most requested trends; returns how many were computed. */
    int prefill(LiveModel before, long deadlineNanos) {
        return path.prefill().run(before.cache(), deadlineNanos);
    }

    /** The state it is in. */
    public VersionLifecycle lifecycle() {
        return lifecycle;
    }

    /** Error rate and latency of its answers. */
    public VersionHealth health() {
        return path.health();
    }

    /** How many rows wait for it. */
    public int queueDepth() {
        return graphs.batcher().depth();
    }

    /** Leases held by requests. */
    public int leases() {
        return leases.get() & ~RETIRED;
    }

    /** Completes when the sessions are closed. */
    public Future<Void> closed() {
        return closed.future();
    }

    /** Enters the state LIVE unless it was live in another slot; starts the scoring of all trends if requested. */
    void enterLive(boolean scoring) {
        if (lifecycle.moment().state() != ModelState.LIVE) {
            lifecycle.enter(ModelState.LIVE);
        }
        if (scoring) {
            scorer.start();
        }
    }

    /** A lease; {@code null} if the model is retired. */
    @Nullable Lease lease() {
        for (int held = leases.get(); (held & RETIRED) == 0; held = leases.get()) {
            if (leases.compareAndSet(held, held + 1)) {
                return new Lease(this);
            }
        }
        return null;
    }

    /**
     * Gives no more leases, and closes after the return of the last one. Called once, after its removal from the slot.
     */
    Future<Void> retire() {
        lifecycle.enter(ModelState.DRAINING);
        closeIfLast(leases.updateAndGet(held -> held | RETIRED));
        return closed();
    }

    void release() {
        closeIfLast(leases.decrementAndGet());
    }

    private void closeIfLast(int held) {
        if (held == RETIRED) {
            // Neither on an event loop, which it would block, nor on a worker of the batcher, which it waits for.
            new Thread(this::close, "hemline-closer-" + version()).start();
        }
    }

    private void close() {
        Closing.all(List.of(scorer, graphs, path.cache()));
        boolean trimmed = NativeHeap.trim();
        lifecycle.enter(ModelState.CLOSED);
        log.info(
                "version {} of {} is closed{}",
                identity().version(),
                identity().name(),
                trimmed ? "" : "; its native heap stays with this JVM");
        closed.complete();
    }

    @Override
    public String toString() {
        return identity().name() + " " + identity().version();
    }

    /**
     * Keeps a live model alive for one request. Closing it again does nothing.
     *
     * <p>Thread-safe: the flag is atomic.
     */
    public static final class Lease implements AutoCloseable {

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
}
