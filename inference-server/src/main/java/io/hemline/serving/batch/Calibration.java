package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures a graph, and chooses the largest batch size and the number of threads from the measurements.
 *
 * <p>Confined to one thread.
 */
public final class Calibration {

    /*
     * The goal is the lowest latency at nearly the best throughput: the smallest maximum size, and the fewest threads,
     * whose rows per second reach 90 % of the best. With a bounded number of concurrent callers, larger batches would only
     * leave other workers idle.
     *
     * Measurements must be robust on a busy machine:
     *   - costs are processor time, which does not grow while a thread waits for a core;
     *   - the candidates are measured in rotation, so that a disturbance affects all of them alike;
     *   - the cost of a candidate is the minimum of its trials, since disturbances only add cost.
     * Thread counts are compared by their mutual slowdown (memory, caches, hyper-threads), also in processor time: n threads
     * run n batches in the time of one. The first run of a size lets ONNX Runtime allocate and is not counted. Sizes that
     * the budget does not reach are left out, since they have not been warmed up either.
     */
    private static final double SUFFICIENT_THROUGHPUT = 0.9;

    /** The sizes get three quarters of the budget, the thread counts the rest. */
    private static final int SIZE_QUARTERS = 3;

    private static final int QUARTERS = 4;

    private final Trial trial;
    private final LongSupplier nanoTime;
    private final Duration budget;

    public Calibration(Trial trial, LongSupplier nanoTime, Duration budget) {
        this.trial = requireNonNull(trial, "trial");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.budget = requireNonNull(budget, "budget");
    }

    /** The plan for a given number of threads. */
    public BatchPlan onThreads(BatchSizes allowed, int threads) {
        SortedMap<Integer, Long> nanos = costs(allowed, nanoTime.getAsLong() + budget.toNanos());
        return new BatchPlan(chosen(nanos), threads, nanos);
    }

    /** The plan with a chosen number of threads, at most {@code maxThreads}. */
    public BatchPlan upToThreads(BatchSizes allowed, int maxThreads) {
        long start = nanoTime.getAsLong();
        long forSizes = maxThreads == 1 ? budget.toNanos() : budget.toNanos() / QUARTERS * SIZE_QUARTERS;
        SortedMap<Integer, Long> nanos = costs(allowed, start + forSizes);
        BatchSizes sizes = chosen(nanos);
        return new BatchPlan(sizes, threads(sizes.max(), maxThreads, start + budget.toNanos()), nanos);
    }

    private static BatchSizes chosen(SortedMap<Integer, Long> nanos) {
        BatchSizes measured = BatchSizes.of(nanos.keySet(), Integer.MAX_VALUE);
        int max = smallestSufficient(nanos, (size, cost) -> (double) size / cost);
        return measured.measured(
                        nanos.values().stream().mapToLong(Long::longValue).toArray())
                .upTo(max);
    }

    /** Candidates are the powers of two below {@code maxThreads}, and {@code maxThreads}. */
    private int threads(int size, int maxThreads, long end) {
        List<Integer> candidates = new ArrayList<>();
        for (int threads = 1; threads < maxThreads; threads *= 2) {
            candidates.add(threads);
        }
        candidates.add(maxThreads);
        if (candidates.size() == 1) {
            return maxThreads;
        }
        SortedMap<Integer, Long> nanos = minimalCosts(candidates, threads -> trial.nanos(size, threads), end);
        return smallestSufficient(nanos, (threads, cost) -> (double) threads / cost);
    }

    private SortedMap<Integer, Long> costs(BatchSizes allowed, long end) {
        List<Integer> sizes = new ArrayList<>();
        for (int size : allowed.all()) {
            if (sizes.isEmpty() || nanoTime.getAsLong() - end < 0) {
                trial.nanos(size, 1);
                sizes.add(size);
            }
        }
        return minimalCosts(sizes, size -> trial.nanos(size, 1), end);
    }

    /** The minimal cost of each candidate, measured in rotation until {@code end}, at least once. */
    private SortedMap<Integer, Long> minimalCosts(List<Integer> candidates, Cost cost, long end) {
        SortedMap<Integer, Long> minimal = new TreeMap<>();
        do {
            for (int candidate : candidates) {
                minimal.merge(candidate, Math.max(1, cost.of(candidate)), Math::min);
            }
        } while (nanoTime.getAsLong() - end < 0);
        return minimal;
    }

    /** The smallest candidate with nearly the best throughput. */
    private static int smallestSufficient(SortedMap<Integer, Long> nanos, Throughput throughput) {
        double best = nanos.entrySet().stream()
                .mapToDouble(entry -> throughput.of(entry.getKey(), entry.getValue()))
                .max()
                .orElseThrow();
        return nanos.entrySet().stream()
                .filter(entry -> throughput.of(entry.getKey(), entry.getValue()) >= SUFFICIENT_THROUGHPUT * best)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Runs batches for measurement. */
    @FunctionalInterface
    public interface Trial {

        /**
         * Runs one batch of the size on each of {@code threads} threads at once.
         *
         * @return the nanoseconds of processor time of one batch
         */
        long nanos(int size, int threads);
    }

    private interface Cost {
        long of(int candidate);
    }

    private interface Throughput {
        double of(int candidate, long nanos);
    }

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
}
