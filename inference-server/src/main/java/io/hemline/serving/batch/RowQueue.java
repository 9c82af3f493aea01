package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The FIFO queue of pending requests, and the choice of the rows that form the next batch.
 *
 * <p>Guarded by the batcher's lock. It uses neither clock nor threads, so that a simulation can step it.
 */
final class RowQueue<I, O> {

    /*
     * The queue holds requests, not rows: forming a batch touches only the requests that it takes rows from and the
     * dropped ones before them, each once. Its cost depends on the batch, not on the length of the queue.
     *
     * A request is dropped when its deadline will have passed before the next batch is done. Dropping only at the deadline
     * would, under sustained overload, fill every batch with requests that expire just before it ends.
     *
     * The first worker takes any queued row; each further worker takes a batch only when the queue could fill a batch of
     * every worker before it. With cheap rows the event loop, which reads requests and writes answers, is the bottleneck
     * and needs the core more than a second worker does. So the queue's length divides the cores between workers and loop.
     * Where a single row takes long, the loop's share is small and all workers start at once.
     *
     * Requests are served in order, so none starves. All rows in the queue have one shape, since it belongs to one model
     * version; any of them may share a batch.
     */
    private static final long LONG_ROW_NANOS = 2_000_000;

    private final BatchSizes sizes;
    private final int rowsPerWorker;
    private final int maxRows;
    private final ArrayDeque<PendingRequest<I, O>> requests = new ArrayDeque<>();
    private int rows;

    RowQueue(BatchSizes sizes, int maxRows) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.rowsPerWorker = sizes.nanos(1) < LONG_ROW_NANOS ? sizes.max() : 0;
        this.maxRows = maxRows;
    }

    /** The number of queued rows, expired ones included. */
    int rows() {
        return rows;
    }

    int maxRows() {
        return maxRows;
    }

    /** Whether this many further rows may be queued. */
    boolean fits(int more) {
        return rows + more <= maxRows;
    }

    /** Queues all rows of the request. */
    void add(PendingRequest<I, O> request) {
        requests.addLast(request);
        rows += request.waiting();
    }

    /** Whether enough rows are queued for the worker of this index to take a batch. */
    boolean isDue(int worker) {
        return rows > 0 && rows >= worker * rowsPerWorker;
    }

    /** The next batch; without rows when every queued request is dropped. */
    Batch<I, O> take(long now) {
        Batch<I, O> batch = new Batch<>(sizes.max());
        int size = sizes.take(dropExpired(batch, now + sizes.nanos(rows)));
        while (batch.size() < size) {
            PendingRequest<I, O> first = requests.element();
            rows -= batch.take(first, size - batch.size());
            if (first.waiting() == 0) {
                requests.remove();
            }
        }
        return batch;
    }

    /**
     * Moves completed requests, and those that expire before {@code doneNanos}, to the batch's dropped ones.
     *
     * @return the number of rows at the head of the queue that can be run, at most the largest batch
     */
    private int dropExpired(Batch<I, O> batch, long doneNanos) {
        int runnable = 0;
        Iterator<PendingRequest<I, O>> inOrder = requests.iterator();
        while (runnable < sizes.max() && inOrder.hasNext()) {
            PendingRequest<I, O> request = inOrder.next();
            if (request.completed() || request.expiredAt(doneNanos)) {
                inOrder.remove();
                rows -= request.waiting();
                batch.drop(request);
            } else {
                runnable += request.waiting();
            }
        }
        return Math.min(runnable, sizes.max());
    }
}
