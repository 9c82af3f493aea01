package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether a version is fast enough: 99 of 100 lone rows within the budget, or within one and a half times what the live
 * version needs for the same rows in turn with it.
 *
 * <p>Confined to one thread.
 */
final class LatencyBudget {

    /*
     * Both are told by the processor time of the thread, and take turns, so that whatever else the machine does weighs on
     * both alike and least on the verdict. The live version is only asked when the budget is not kept.
     */
    static final int ROUNDS = 100;
    static final double AS_THE_LIVE_ONE = 1.5;

    private static final int RANK = 99 * ROUNDS / 100 - 1;
    private static final double NANOS_A_MILLI = 1e6;

    private final Duration max;

    LatencyBudget(Duration max) {
        this.max = requireNonNull(max, "max");
    }

    /**
     * Why it is too slow; empty when it is not.
     *
     * @param candidate runs one row and tells the nanoseconds that took
     * @param live does the same on the live version
     */
    Optional<String> fault(LongSupplier candidate, LongSupplier live) {
        long alone = percentile(measured(candidate));
        if (alone <= max.toNanos()) {
            return Optional.empty();
        }
        long[] ours = new long[ROUNDS];
        long[] theirs = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ours[round] = candidate.getAsLong();
            theirs[round] = live.getAsLong();
        }
        long usual = percentile(theirs);
        if (percentile(ours) <= AS_THE_LIVE_ONE * usual) {
            return Optional.empty();
        }
        return Optional.of(millis(alone) + " ms for 99 of 100 lone rows, over store.gate.max-latency of "
                + millis(max.toNanos()) + " ms, and more than " + AS_THE_LIVE_ONE + " times the live version's "
                + millis(usual));
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
        return String.format(Locale.ROOT, "%.3g", nanos / NANOS_A_MILLI);
    }
}
