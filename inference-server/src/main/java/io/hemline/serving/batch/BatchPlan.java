package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How a model is run, and what was measured to choose it.
 *
 * <p>Immutable.
 *
 * @param sizes the batches that are made
 * @param threads how many of them run at once
 * @param nanos of one thread for a batch of each measured size, also of those that do not pay
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
