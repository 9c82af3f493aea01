package io.hemline.serving.engine;

import java.util.function.LongSupplier;

/**
 * How long the parts of one run took: rows into the graph's inputs, the graph, results out of its outputs. The work marks
 * the two moments between.
 *
 * <p>Confined to one worker.
 */
final class RunTimes {

    private final LongSupplier nanoTime;
    private long startNanos;
    private long filledNanos;
    private long ranNanos;
    private long endNanos;

    RunTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void start() {
        startNanos = nanoTime.getAsLong();
    }

    /** The inputs are in place. */
    void filled() {
        filledNanos = nanoTime.getAsLong();
    }

    /** The graph is done. */
    void ran() {
        ranNanos = nanoTime.getAsLong();
    }

    void end() {
        endNanos = nanoTime.getAsLong();
    }

    long inputNanos() {
        return filledNanos - startNanos;
    }

    long inferNanos() {
        return ranNanos - filledNanos;
    }

    long outputNanos() {
        return endNanos - ranNanos;
    }
}
