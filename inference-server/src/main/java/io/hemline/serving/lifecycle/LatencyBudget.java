package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether a version is fast enough: 99 of 100 single rows within the budget, or within one and a half times the live
 * version's time for the same rows.
 *
 * <p>Confined to one thread.
 */
final class LatencyBudget {

    /*
     * The measure is the thread's CPU time, and the two versions alternate, so that other load on the machine affects
     * both alike. The live version is measured only if the candidate exceeds the budget.
     */
    static final int ROUNDS = 100;
    static final double MAX_RATIO = 1.5;

    private static final int RANK = 99 * ROUNDS / 100 - 1;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Duration max;

    LatencyBudget(Duration max) {
        this.max = requireNonNull(max, "max");
    }

    /**
     * Why the candidate is too slow; empty if it is fast enough.
     *
     * @param candidate runs one row and returns its nanoseconds of CPU time
     * @param live does the same on the live version
     */
    Optional<String> fault(LongSupplier candidate, LongSupplier live) {
        long alone = percentile(measured(candidate));
        if (alone <= max.toNanos()) {
            return Optional.empty();
        }
        long[] candidateNanos = new long[ROUNDS];
        long[] liveNanos = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            candidateNanos[round] = candidate.getAsLong();
            liveNanos[round] = live.getAsLong();
        }
        long reference = percentile(liveNanos);
        if (percentile(candidateNanos) <= MAX_RATIO * reference) {
            return Optional.empty();
        }
        return Optional.of(millis(alone) + " ms for 99 of 100 lone rows, over store.gate.max-latency of "
                + millis(max.toNanos()) + " ms, and more than " + MAX_RATIO + " times the live version's "
                + millis(reference));
    }

    private static long[] measured(LongSupplier rows) {
        long[] nanos = new long[ROUNDS];
        Arrays.setAll(nanos, round -> rows.getAsLong());
        return nanos;
    }

    private static long percentile(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[RANK];
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3g", nanos / NANOS_PER_MILLI);
    }
}
