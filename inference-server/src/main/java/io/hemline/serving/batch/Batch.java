package io.hemline.serving.batch;

import io.hemline.serving.batch.BatchRejected.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that are run together, in the order of their requests, and the requests that were dropped on the way to them.
 *
 * <p>Confined to whoever took it.
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

    /** Takes the request's next rows, at most so many; returns how many. */
    int take(PendingRequest<I, O> group, int max) {
        int from = group.taken();
        int to = group.take(max);
        for (int place = from; place < to; place++) {
            rows.add(group.row(place));
        }
        parts.add(new Part<>(group, from, to));
        return to - from;
    }

    void drop(PendingRequest<I, O> group) {
        dropped.add(group);
    }

    /** Whether it has neither rows nor anyone to be told. */
    boolean isEmpty() {
        return rows.isEmpty() && dropped.isEmpty();
    }

    /** Tells the dropped requests; not to be called under a lock, for whoever hears it may ask again. */
    void tellDropped() {
        for (PendingRequest<I, O> group : dropped) {
            group.fail(new BatchRejected(Reason.LATE, "the deadline came too early for the queue"));
        }
    }

    /** Tells when the rows ran, before their requests have the results. */
    void tellWatches(long startNanos, long endNanos) {
        parts.forEach(part -> part.group.ran(startNanos, endNanos));
    }

    /** Runs the rows, and gives each request its results or the failure. */
    void run(BatchWork<I, O> work) {
        try {
            List<O> results = work.run(rows);
            if (results.size() != rows.size()) {
                throw new IllegalStateException(results.size() + " results for " + rows.size() + " rows");
            }
            int next = 0;
            for (Part<I, O> part : parts) {
                part.group.succeed(part.from, results.subList(next, next + part.to - part.from));
                next += part.to - part.from;
            }
        } catch (Throwable e) {
            // Whatever it was, the requests must hear of it and the worker must live on.
            parts.forEach(part -> part.group.fail(e));
        }
    }

    /** Some rows of one request. */
    private record Part<I, O>(PendingRequest<I, O> group, int from, int to) {}
}
