package io.hemline.serving.batch;

import io.hemline.serving.batch.AdmissionController.EventLoopLag;
import io.hemline.serving.batch.Batcher.RunListener;
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
 * The rows of one request, run in one or several batches. Completes once: with all results, or with the first failure.
 *
 * <p>Thread-safe: {@code completed} decides which outcome counts; {@code remaining} orders the writes of {@code results}
 * before their reads; the batcher's lock guards {@code taken}.
 */
final class PendingRequest<I, O> {

    private final List<I> rows;
    private final long queuedNanos;
    private final long deadlineNanos;
    private final RunListener listener;
    private final EventLoopLag eventLoopLag;
    private final @Nullable Object[] results;
    private final AtomicInteger remaining;
    private final AtomicBoolean completed = new AtomicBoolean();
    private final Promise<List<O>> promise = Promise.promise();
    private final @Nullable Context caller = Vertx.currentContext();
    private int taken;

    PendingRequest(
            List<I> rows, long queuedNanos, long deadlineNanos, RunListener listener, EventLoopLag eventLoopLag) {
        this.rows = rows;
        this.queuedNanos = queuedNanos;
        this.deadlineNanos = deadlineNanos;
        this.listener = listener;
        this.eventLoopLag = eventLoopLag;
        this.results = new Object[rows.size()];
        this.remaining = new AtomicInteger(rows.size());
    }

    Future<List<O>> future() {
        return promise.future();
    }

    I row(int index) {
        return rows.get(index);
    }

    /** The number of rows that batches have taken: the index of the next row. */
    int taken() {
        return taken;
    }

    /** The number of rows that no batch has taken. */
    int waiting() {
        return rows.size() - taken;
    }

    /** Takes at most {@code max} further rows; returns the index after them. */
    int take(int max) {
        taken = Math.min(rows.size(), taken + max);
        return taken;
    }

    boolean expiredAt(long nanos) {
        return nanos - deadlineNanos >= 0;
    }

    boolean completed() {
        return completed.get();
    }

    /** Passes on the times of a batch that ran some of the rows. */
    void ran(long startNanos, long endNanos) {
        listener.ran(queuedNanos, startNanos, endNanos);
    }

    void succeed(int from, List<O> part) {
        for (int i = 0; i < part.size(); i++) {
            results[from + i] = part.get(i);
        }
        if (remaining.addAndGet(-part.size()) == 0 && completed.compareAndSet(false, true)) {
            onCallerContext(() -> promise.tryComplete(typedResults()));
        }
    }

    void fail(Throwable cause) {
        if (completed.compareAndSet(false, true)) {
            onCallerContext(() -> promise.tryFail(cause));
        }
    }

    /** Completes on the event loop of the caller, so that callbacks need no lock; measures the loop's lag. */
    private void onCallerContext(Runnable completion) {
        if (caller == null) {
            completion.run();
            return;
        }
        long ready = System.nanoTime();
        caller.runOnContext(ignored -> {
            eventLoopLag.record(System.nanoTime() - ready);
            completion.run();
        });
    }

    @SuppressWarnings("unchecked") // only succeed writes results, all of type O
    private List<O> typedResults() {
        return (List<O>) new ArrayList<>(Arrays.asList(results));
    }
}
