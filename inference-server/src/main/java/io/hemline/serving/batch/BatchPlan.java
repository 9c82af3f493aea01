package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Batch sizes and thread count of a model version, with the measurements behind the choice.
 *
 * <p>Immutable.
 *
 * @param sizes of the batches
 * @param threads number of batches that run at once
 * @param nanos processor time of a batch by its size, for every measured size, chosen or not
 */
public record BatchPlan(BatchSizes sizes, int threads, SortedMap<Integer, Long> nanos) {

    public BatchPlan {
        requireNonNull(sizes, "sizes");
        if (threads < 1) {
            throw new IllegalArgumentException("threads: from 1 on, not " + threads);
        }
        nanos = Collections.unmodifiableSortedMap(new TreeMap<>(nanos));
    }

    @Override
    public String toString() {
        StringJoiner costs = new StringJoiner(", ");
        nanos.forEach((size, cost) -> costs.add(size + ": " + TimeUnit.NANOSECONDS.toMicros(cost)));
        return "batches of up to " + sizes.max() + " on " + threads + (threads == 1 ? " thread" : " threads")
                + " (us per batch: " + costs + ")";
    }
}
