package io.hemline.serving.batch;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one request on their way through one or several batches. Answered once: with all results, or with the first
 * failure.
 *
 * <p>Thread-safe: {@code answered} decides who answers; {@code missing} orders the writes of {@code results} before their
 * reading; {@code taken} is the queue's; the watch is set before it is queued.
 */
final class PendingRequest<I, O> {

    private final List<I> rows;
    private final long deadlineNanos;
    private final @Nullable Object[] results;
    private final AtomicInteger missing;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final Promise<List<O>> promise = Promise.promise();
    private final EventLoopLag wayBack;
    private final @Nullable Context caller = Vertx.currentContext();
    private RowListener watch = RowListener.NONE;
    private long queuedNanos;
    private int taken;

    PendingRequest(List<I> rows, long deadlineNanos, EventLoopLag wayBack) {
        this.rows = rows;
        this.deadlineNanos = deadlineNanos;
        this.wayBack = wayBack;
        this.results = new Object[rows.size()];
        this.missing = new AtomicInteger(rows.size());
    }

    /** To be called before it is queued. */
    void watchedBy(RowListener other, long queued) {
        watch = other;
        queuedNanos = queued;
    }

    /** Tells when some of its rows ran. */
    void ran(long startNanos, long endNanos) {
        watch.ran(queuedNanos, startNanos, endNanos);
    }

    Future<List<O>> future() {
        return promise.future();
    }

    I row(int place) {
        return rows.get(place);
    }

    /** How many rows were taken already: the place of the next. */
    int taken() {
        return taken;
    }

    /** How many rows were not yet taken. */
    int waiting() {
        return rows.size() - taken;
    }

    /** Takes the next rows, at most so many; returns the place after them. */
    int take(int max) {
        taken = Math.min(rows.size(), taken + max);
        return taken;
    }

    boolean lateAt(long nanos) {
        return nanos - deadlineNanos >= 0;
    }

    boolean answered() {
        return answered.get();
    }

    void succeed(int from, List<O> part) {
        for (int i = 0; i < part.size(); i++) {
            results[from + i] = part.get(i);
        }
        if (missing.addAndGet(-part.size()) == 0 && answered.compareAndSet(false, true)) {
            onCaller(() -> promise.tryComplete(typedResults()));
        }
    }

    void fail(Throwable cause) {
        if (answered.compareAndSet(false, true)) {
            onCaller(() -> promise.tryFail(cause));
        }
    }

    /** Back to the event loop that asked, so that nothing above needs a lock. */
    private void onCaller(Runnable answer) {
        if (caller == null) {
            answer.run();
            return;
        }
        long ready = System.nanoTime();
        caller.runOnContext(ignored -> {
            wayBack.took(System.nanoTime() - ready);
            answer.run();
        });
    }

    @SuppressWarnings("unchecked") // only succeed writes here, and only an O
    private List<O> typedResults() {
        return (List<O>) new ArrayList<>(Arrays.asList(results));
    }
}
