package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Chooses the batch sizes and the number of threads that pay, by trying them.
 *
 * <p>Confined to one thread.
 */
public final class Calibration {

    /*
     * The least latency within some percent of the best throughput: the smallest greatest size, and the fewest threads,
     * whose rows per second come within a tenth of the best. Callers who wait for their answer before they ask again are
     * so many at most; the more of them one batch holds, the sooner the other workers find nothing to do.
     *
     * A busy machine must not lead to a wrong choice, so
     *   - a trial tells processor time and not time by the clock: a thread that has to wait for its turn costs nothing more;
     *   - sizes take turns, so that a slow moment slows all of them alike;
     *   - each cost is the least of its trials, for whatever disturbs a trial makes it dearer and never cheaper.
     * Threads are compared by what they cost each other (memory, caches, halves of one core), again in processor time: so
     * many threads do so many batches in the time of one. The first run of a size only makes ONNX Runtime settle its
     * memory and is not counted. Sizes for which the budget did not last have not been warmed either and are left out.
     */
    private static final double WORTHWHILE = 0.9;
    private static final int SHARE_FOR_SIZES = 3;
    private static final int OF_SHARES = 4;

    private final TrialBatches trial;
    private final LongSupplier nanoTime;
    private final Duration budget;

    public Calibration(TrialBatches trial, LongSupplier nanoTime, Duration budget) {
        this.trial = requireNonNull(trial, "trial");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.budget = requireNonNull(budget, "budget");
    }

    /** The plan for a number of threads that is known. */
    public BatchPlan onThreads(BatchSizes allowed, int threads) {
        SortedMap<Integer, Long> nanos = costs(allowed, nanoTime.getAsLong() + budget.toNanos());
        return new BatchPlan(chosen(nanos), threads, nanos);
    }

    /** The plan with the number of threads that pays, at most so many. */
    public BatchPlan upToThreads(BatchSizes allowed, int maxThreads) {
        long start = nanoTime.getAsLong();
        long forSizes = maxThreads == 1 ? budget.toNanos() : budget.toNanos() / OF_SHARES * SHARE_FOR_SIZES;
        SortedMap<Integer, Long> nanos = costs(allowed, start + forSizes);
        BatchSizes sizes = chosen(nanos);
        return new BatchPlan(sizes, threads(sizes.max(), maxThreads, start + budget.toNanos()), nanos);
    }

    private static BatchSizes chosen(SortedMap<Integer, Long> nanos) {
        BatchSizes measured = BatchSizes.of(nanos.keySet(), Integer.MAX_VALUE);
        int max = worthwhile(nanos, (size, cost) -> (double) size / cost);
        return measured.measured(
                        nanos.values().stream().mapToLong(Long::longValue).toArray())
                .upTo(max);
    }

    /** The fewest threads that pay: 1, 2, 4 and so on, and the most. */
    private int threads(int size, int maxThreads, long end) {
        List<Integer> candidates = new ArrayList<>();
        for (int threads = 1; threads < maxThreads; threads *= 2) {
            candidates.add(threads);
        }
        candidates.add(maxThreads);
        if (candidates.size() == 1) {
            return maxThreads;
        }
        SortedMap<Integer, Long> nanos = leastCosts(candidates, threads -> trial.nanos(size, threads), end);
        return worthwhile(nanos, (threads, cost) -> (double) threads / cost);
    }

    private SortedMap<Integer, Long> costs(BatchSizes allowed, long end) {
        List<Integer> sizes = new ArrayList<>();
        for (int size : allowed.all()) {
            if (sizes.isEmpty() || nanoTime.getAsLong() - end < 0) {
                trial.nanos(size, 1);
                sizes.add(size);
            }
        }
        return leastCosts(sizes, size -> trial.nanos(size, 1), end);
    }

    /** What each candidate costs; they take turns until the time is over, but each has at least one. */
    private SortedMap<Integer, Long> leastCosts(List<Integer> candidates, Cost cost, long end) {
        SortedMap<Integer, Long> least = new TreeMap<>();
        do {
            for (int candidate : candidates) {
                least.merge(candidate, Math.max(1, cost.of(candidate)), Math::min);
            }
        } while (nanoTime.getAsLong() - end < 0);
        return least;
    }

    /** The smallest candidate that does nearly as much as the best. */
    private static int worthwhile(SortedMap<Integer, Long> nanos, Throughput throughput) {
        double best = nanos.entrySet().stream()
                .mapToDouble(entry -> throughput.of(entry.getKey(), entry.getValue()))
                .max()
                .orElseThrow();
        return nanos.entrySet().stream()
                .filter(entry -> throughput.of(entry.getKey(), entry.getValue()) >= WORTHWHILE * best)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private interface Cost {
        long of(int candidate);
    }

    private interface Throughput {
        double of(int candidate, long nanos);
    }
}
