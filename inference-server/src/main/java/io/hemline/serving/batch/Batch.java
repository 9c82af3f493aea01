package io.hemline.serving.batch;

import io.hemline.serving.batch.BatchRejected.Reason;
import io.hemline.serving.batch.Batcher.BatchWork;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that run together, in the order of their requests, and the requests that were dropped while it was formed.
 *
 * <p>Confined to the worker that took it.
 */
final class Batch<I, O> {

    private final List<I> rows;
    private final List<Part<I, O>> parts;
    private final List<PendingRequest<I, O>> dropped = new ArrayList<>(0);

    Batch(int capacity) {
        this.rows = new ArrayList<>(capacity);
        this.parts = new ArrayList<>(capacity);
    }

    int size() {
        return rows.size();
    }

    List<I> rows() {
        return rows;
    }

    /** Takes at most {@code max} further rows of the request; returns their number. */
    int take(PendingRequest<I, O> request, int max) {
        int from = request.taken();
        int to = request.take(max);
        for (int i = from; i < to; i++) {
            rows.add(request.row(i));
        }
        parts.add(new Part<>(request, from, to));
        return to - from;
    }

    void drop(PendingRequest<I, O> request) {
        dropped.add(request);
    }

    /** Whether it has neither rows nor dropped requests. */
    boolean isEmpty() {
        return rows.isEmpty() && dropped.isEmpty();
    }

    /** Fails the dropped requests. Must not be called under a lock: a callback may submit again. */
    void failDropped() {
        for (PendingRequest<I, O> request : dropped) {
            request.fail(new BatchRejected(Reason.LATE, "the deadline came too early for the queue"));
        }
    }

    /** Passes the times of the run to the requests' listeners; called before the requests complete. */
    void notifyListeners(long startNanos, long endNanos) {
        parts.forEach(part -> part.request.ran(startNanos, endNanos));
    }

    /** Runs the rows, and completes their requests with the results or the failure. */
    void run(BatchWork<I, O> work) {
        try {
            List<O> results = work.run(rows);
            if (results.size() != rows.size()) {
                throw new IllegalStateException(results.size() + " results for " + rows.size() + " rows");
            }
            int next = 0;
            for (Part<I, O> part : parts) {
                part.request.succeed(part.from, results.subList(next, next + part.to - part.from));
                next += part.to - part.from;
            }
        } catch (Throwable e) {
            // Also errors: the requests must complete and the worker must live on.
            parts.forEach(part -> part.request.fail(e));
        }
    }

    /** The rows of one request from index {@code from} up to {@code to}. */
    private record Part<I, O>(PendingRequest<I, O> request, int from, int to) {}
}
