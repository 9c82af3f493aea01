package io.hemline.serving.batch;

/** Runs batches that nobody waits for, to learn what they cost. */
@FunctionalInterface
public interface TrialBatches {

    /**
     * Runs one batch of the size on each of so many threads at once.
     *
     * @return the nanoseconds of processor time that one of the batches took
     */
    long nanos(int size, int threads);
}
