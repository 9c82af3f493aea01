package io.hemline.serving.batch;

/** Told when rows of one request ran: once for each batch that they were part of, on the thread that ran it. */
@FunctionalInterface
public interface RowListener {

    /** Watches nothing. */
    RowListener NONE = (queuedNanos, startNanos, endNanos) -> {};

    /** The rows were queued then, and run from then to then; by the batcher's clock, before the results are given. */
    void ran(long queuedNanos, long startNanos, long endNanos);
}
