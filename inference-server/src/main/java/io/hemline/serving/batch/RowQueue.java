package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The requests that wait with their rows, and the decision which rows make up the next batch.
 *
 * <p>Confined to whoever holds the batcher's lock; it knows neither clock nor thread, so that a simulation can step it.
 */
final class RowQueue<I, O> {

    /*
     * Requests wait, not rows: a batch touches only the requests that it takes from, and those before them
     * that are dropped, each of them once. So a take costs what its batch is worth, however many wait.
     *
     * Dropped is what cannot be answered in time any more: whose deadline will have passed when the next batch is done. To
     * wait until it has passed would, under a steady overload, run every batch for callers who leave just before its end.
     *
     * The first worker takes whatever waits, each further one only when that would fill a batch of every worker before it.
     * Until then a second one would help nobody: where a row is cheap the event loop, which reads the questions and writes
     * the answers, needs the core as much, and a queue runs short when it does not get it. So the workers and the loop share
     * the cores by the length of the queue. Where a lone row takes long, the loop's part is small and nobody is held back.
     *
     * Requests are served in the order in which they came: none is overtaken, so none starves. Whether rows may share a
     * batch is not asked here: one queue belongs to one model version, all of whose rows have one shape.
     */
    private static final long LONG_NANOS = 2_000_000;

    private final BatchSizes sizes;
    private final int rowsPerWorker;
    private final int maxRows;
    private final ArrayDeque<PendingRequest<I, O>> groups = new ArrayDeque<>();
    private int rows;

    RowQueue(BatchSizes sizes, int maxRows) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.rowsPerWorker = sizes.nanos(1) < LONG_NANOS ? sizes.max() : 0;
        this.maxRows = maxRows;
    }

    /** How many rows wait, some of them perhaps in vain. */
    int rows() {
        return rows;
    }

    int maxRows() {
        return maxRows;
    }

    /** Whether so many more rows may wait. */
    boolean fits(int more) {
        return rows + more <= maxRows;
    }

    /** Queues all rows of the request. */
    void add(PendingRequest<I, O> group) {
        groups.addLast(group);
        rows += group.waiting();
    }

    /** Whether enough waits for that worker, counted from 0, to take a batch. */
    boolean isDue(int worker) {
        return rows > 0 && rows >= worker * rowsPerWorker;
    }

    /** The next batch: empty when nothing waits that somebody waits for. */
    Batch<I, O> take(long now) {
        Batch<I, O> batch = new Batch<>(sizes.max());
        int size = sizes.take(living(batch, now + sizes.nanos(rows)));
        while (batch.size() < size) {
            PendingRequest<I, O> first = groups.element();
            rows -= batch.take(first, size - batch.size());
            if (first.waiting() == 0) {
                groups.remove();
            }
        }
        return batch;
    }

    /** How many rows could be taken, up to the greatest batch; puts the requests before them that nobody waits for aside. */
    private int living(Batch<I, O> batch, long done) {
        int living = 0;
        Iterator<PendingRequest<I, O>> inOrder = groups.iterator();
        while (living < sizes.max() && inOrder.hasNext()) {
            PendingRequest<I, O> group = inOrder.next();
            if (group.answered() || group.lateAt(done)) {
                inOrder.remove();
                rows -= group.waiting();
                batch.drop(group);
            } else {
                living += group.waiting();
            }
        }
        return Math.min(living, sizes.max());
    }
}
