package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.Calibration.BatchPlan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A virtual clock, which only trials advance. */
class CalibrationTest {

    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final SortedMap<Integer, Long> DEMO_MICROS =
            new TreeMap<>(Map.of(1, 350L, 2, 500L, 4, 730L, 8, 1180L, 16, 2150L, 32, 4200L));
    private static final SortedMap<Integer, Long> SUPERLINEAR_MICROS =
            new TreeMap<>(Map.of(1, 1050L, 2, 1900L, 4, 3600L, 8, 7000L, 16, 15_700L, 32, 35_500L));

    private final Random random = new Random(17);
    private long now;
    private int trials;

    @Test
    void choosesTheSmallestBatchWithNearlyTheBestThroughput() {
        BatchPlan plan = calibration(DEMO_MICROS, 1.0, 0, BUDGET).upToThreads(sizes(32), 2);

        assertThat(plan.sizes().max()).isEqualTo(16);
        assertThat(plan.threads()).isEqualTo(2);
        assertThat(plan.nanos()).containsOnlyKeys(1, 2, 4, 8, 16, 32).containsEntry(8, 1_180_000L);
    }

    @Test
    void choosesASmallBatchWhereLargerOnesCostMorePerRow() {
        BatchPlan plan = calibration(SUPERLINEAR_MICROS, 1.0, 0, BUDGET).upToThreads(sizes(32), 2);

        assertThat(plan.sizes().max()).isEqualTo(2);
        assertThat(plan.sizes().all()).containsExactly(1, 2);
    }

    @Test
    void usesNoThreadsThatOnlySlowEachOtherDown() {
        BatchPlan fullContention = calibration(DEMO_MICROS, 2.0, 0, BUDGET).upToThreads(sizes(32), 2);
        BatchPlan someContention = calibration(DEMO_MICROS, 1.3, 0, BUDGET).upToThreads(sizes(32), 4);

        assertThat(fullContention.threads()).isEqualTo(1);
        assertThat(someContention.threads()).isEqualTo(4);
    }

    @Test
    void choosesTheSamePlanOnANoisyMachine() {
        for (int seed = 0; seed < 50; seed++) {
            BatchPlan plan = calibration(DEMO_MICROS, 1.0, 5.0, BUDGET).upToThreads(sizes(32), 2);

            assertThat(plan.sizes().max()).isEqualTo(16);
            assertThat(plan.threads()).isEqualTo(2);
        }
    }

    @Test
    void leavesOutSizesThatTheBudgetDoesNotReach() {
        BatchPlan plan =
                calibration(SUPERLINEAR_MICROS, 1.0, 0, Duration.ofMillis(5)).onThreads(sizes(32), 3);

        assertThat(plan.nanos()).containsOnlyKeys(1, 2, 4);
        assertThat(plan.threads()).isEqualTo(3);
    }

    @Test
    void usesItsBudget() {
        calibration(DEMO_MICROS, 1.0, 0, BUDGET).upToThreads(sizes(32), 2);

        assertThat(Duration.ofNanos(now)).isBetween(BUDGET, BUDGET.plusMillis(25));
        assertThat(trials).isGreaterThan(100);
    }

    @Test
    void respectsTheLargestAllowedSize() {
        BatchPlan plan = calibration(DEMO_MICROS, 1.0, 0, BUDGET).upToThreads(sizes(4), 1);

        assertThat(plan.sizes().all()).containsExactly(1, 2, 4);
        assertThat(plan.threads()).isEqualTo(1);
    }

    private static BatchSizes sizes(int max) {
        return BatchSizes.of(List.of(1, 2, 4, 8, 16, 32), max);
    }

    /**
     * The calibration of a simulated machine.
     *
     * @param micros cost of a batch of each size
     * @param contention factor on the cost of a batch for each doubling of the threads
     * @param noise the largest relative cost that is added, to half of the trials
     */
    private Calibration calibration(SortedMap<Integer, Long> micros, double contention, double noise, Duration budget) {
        Calibration.Trial trial = (size, threads) -> {
            double nanos = 1000.0 * Objects.requireNonNull(micros.get(size));
            nanos *= Math.pow(contention, Math.log(threads) / Math.log(2));
            if (random.nextBoolean()) {
                nanos *= 1 + noise * random.nextDouble();
            }
            now += (long) nanos;
            trials++;
            return (long) nanos;
        };
        return new Calibration(trial, () -> now, budget);
    }
}
