package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A clock that only trials move. */
class CalibrationTest {

    private static final Duration BUDGET = Duration.ofMillis(300);
    private static final SortedMap<Integer, Long> DEMO =
            new TreeMap<>(Map.of(1, 350L, 2, 500L, 4, 730L, 8, 1180L, 16, 2150L, 32, 4200L));
    private static final SortedMap<Integer, Long> WORSE_WHEN_LARGE =
            new TreeMap<>(Map.of(1, 1050L, 2, 1900L, 4, 3600L, 8, 7000L, 16, 15_700L, 32, 35_500L));

    private final Random random = new Random(17);
    private long now;
    private int trials;

    @Test
    void takesTheSmallestBatchThatIsNearlyTheBest() {
        BatchPlan plan = calibration(DEMO, 1.0, 0, BUDGET).upToThreads(sizes(32), 2);

        assertThat(plan.sizes().max()).isEqualTo(16);
        assertThat(plan.threads()).isEqualTo(2);
        assertThat(plan.nanos()).containsOnlyKeys(1, 2, 4, 8, 16, 32).containsEntry(8, 1_180_000L);
    }

    @Test
    void staysSmallWhereEveryRowGetsDearer() {
        BatchPlan plan = calibration(WORSE_WHEN_LARGE, 1.0, 0, BUDGET).upToThreads(sizes(32), 2);

        assertThat(plan.sizes().max()).isEqualTo(2);
        assertThat(plan.sizes().all()).containsExactly(1, 2);
    }

    @Test
    void doesNotUseThreadsThatOnlySlowEachOther() {
        BatchPlan halves = calibration(DEMO, 2.0, 0, BUDGET).upToThreads(sizes(32), 2);
        BatchPlan nearly = calibration(DEMO, 1.3, 0, BUDGET).upToThreads(sizes(32), 4);

        assertThat(halves.threads()).isEqualTo(1);
        assertThat(nearly.threads()).isEqualTo(4);
    }

    @Test
    void choosesTheSameOnANoisyMachine() {
        for (int seed = 0; seed < 50; seed++) {
            BatchPlan plan = calibration(DEMO, 1.0, 5.0, BUDGET).upToThreads(sizes(32), 2);

            assertThat(plan.sizes().max()).isEqualTo(16);
            assertThat(plan.threads()).isEqualTo(2);
        }
    }

    @Test
    void leavesOutTheSizesForWhichTheTimeDidNotLast() {
        BatchPlan plan =
                calibration(WORSE_WHEN_LARGE, 1.0, 0, Duration.ofMillis(5)).onThreads(sizes(32), 3);

        assertThat(plan.nanos()).containsOnlyKeys(1, 2, 4);
        assertThat(plan.threads()).isEqualTo(3);
    }

    @Test
    void takesOneOfEachAboutAsLongAsItMay() {
        calibration(DEMO, 1.0, 0, BUDGET).upToThreads(sizes(32), 2);

        assertThat(Duration.ofNanos(now)).isBetween(BUDGET, BUDGET.plusMillis(25));
        assertThat(trials).isGreaterThan(100);
    }

    @Test
    void keepsToTheGreatestSizeThatIsAllowed() {
        BatchPlan plan = calibration(DEMO, 1.0, 0, BUDGET).upToThreads(sizes(4), 1);

        assertThat(plan.sizes().all()).containsExactly(1, 2, 4);
        assertThat(plan.threads()).isEqualTo(1);
    }

    private static BatchSizes sizes(int max) {
        return BatchSizes.of(List.of(1, 2, 4, 8, 16, 32), max);
    }

    /**
     * A machine.
     *
     * @param micros of a batch of each size
     * @param crowding how much dearer a batch gets with each doubling of the threads
     * @param noise up to how many times dearer half of the trials are
     */
    private Calibration calibration(SortedMap<Integer, Long> micros, double crowding, double noise, Duration budget) {
        TrialBatches trial = (size, threads) -> {
            double nanos = 1000.0 * Objects.requireNonNull(micros.get(size));
            nanos *= Math.pow(crowding, Math.log(threads) / Math.log(2));
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
