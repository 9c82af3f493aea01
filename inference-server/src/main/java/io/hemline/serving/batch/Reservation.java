package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.AdmissionController.EventLoopLag;
import io.hemline.serving.batch.Batcher.RunListener;
import io.vertx.core.Future;
import java.util.List;

/**
 * Admitted places in the queue for the rows of one request. Closing it gives back the places that were not used.
 *
 * <p>Confined to one thread.
 */
public final class Reservation<I, O> implements AutoCloseable {

    private final Batcher<I, O> batcher;
    private final int rows;
    private final long admittedNanos;
    private final long deadlineNanos;
    private final EventLoopLag eventLoopLag;
    private boolean open = true;

    Reservation(Batcher<I, O> batcher, int rows, long admittedNanos, long deadlineNanos, EventLoopLag eventLoopLag) {
        this.batcher = requireNonNull(batcher, "batcher");
        this.rows = rows;
        this.admittedNanos = admittedNanos;
        this.deadlineNanos = deadlineNanos;
        this.eventLoopLag = requireNonNull(eventLoopLag, "eventLoopLag");
    }

    /**
     * Queues the rows, once; the listener receives the times of their runs.
     *
     * @param admitted as many rows as were admitted
     */
    public Future<List<O>> submit(List<I> admitted, RunListener listener) {
        if (!open || admitted.size() != rows) {
            throw new IllegalArgumentException("admitted: " + rows + " rows, once, not " + admitted.size());
        }
        open = false;
        PendingRequest<I, O> request =
                new PendingRequest<>(List.copyOf(admitted), admittedNanos, deadlineNanos, listener, eventLoopLag);
        batcher.enqueue(request);
        return request.future();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            batcher.giveBack(rows);
        }
    }
}
