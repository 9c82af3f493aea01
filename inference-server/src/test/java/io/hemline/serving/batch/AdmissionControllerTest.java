package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two workers, 10 ms a row, at most 100 ms of waiting. */
class AdmissionControllerTest {

    private static final long MILLI = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoopLag wayBack = new EventLoopLag();
    private final BatchSizes sizes = BatchSizes.of(List.of(1, 2), 2).measured(new long[] {10 * MILLI, 20 * MILLI});
    private final AdmissionController backlog = new AdmissionController(sizes, 2, Duration.ofMillis(100), wayBack);

    @Test
    void letsInWhatWaitsNoLongerThanItMay() {
        assertThat(backlog.admits(1, 20, 0, NEVER)).isTrue();
        assertThat(backlog.admits(1, 21, 0, NEVER)).isFalse();
        assertThat(backlog.refusal(1, 21, 0))
                .isEqualTo("21 rows wait or run, 1 more would wait about 105 ms: longer than"
                        + " 100 ms (batch.max-wait) or than their deadline allows");
    }

    @Test
    void countsTheRowsThatRun() {
        backlog.started(2, 0);

        assertThat(backlog.admits(1, 19, 0, NEVER)).isFalse();
    }

    @Test
    void letsInWhatIsDoneBeforeItsDeadline() {
        assertThat(backlog.admits(2, 4, 0, 30 * MILLI)).isTrue();
        assertThat(backlog.admits(3, 4, 0, 30 * MILLI)).isFalse();
    }

    @Test
    void letsInWhoeverFindsNobodyBeforeThem() {
        assertThat(backlog.admits(1000, 0, 0, 30 * MILLI)).isTrue();
    }

    @Test
    void learnsThatBatchesTakeLongerThanMeasured() {
        ranWith(30 * MILLI, 100);

        assertThat(backlog.waitNanos(4, 0)).isBetween(59 * MILLI, 61 * MILLI);
    }

    @Test
    void forgetsThatItWasSlow() {
        ranWith(30 * MILLI, 100);
        ranWith(10 * MILLI, 100);

        assertThat(backlog.waitNanos(4, 0)).isBetween(19 * MILLI, 21 * MILLI);
    }

    @Test
    void isNotMisledByOnePause() {
        ranWith(60_000 * MILLI, 1);

        assertThat(backlog.waitNanos(4, 0)).isEqualTo(38 * MILLI);
    }

    @Test
    void takesABatchThatDoesNotEndForThePace() {
        backlog.started(2, 0);

        assertThat(backlog.waitNanos(4, 20 * MILLI)).isEqualTo(30 * MILLI);
        assertThat(backlog.waitNanos(4, 60 * MILLI)).isEqualTo(90 * MILLI);
    }

    @Test
    void countsTheWayBackToTheEventLoop() {
        for (int i = 0; i < 100; i++) {
            wayBack.took(50 * MILLI);
        }

        assertThat(backlog.admits(1, 9, 0, NEVER)).isTrue();
        assertThat(backlog.admits(1, 11, 0, NEVER)).isFalse();
    }

    @Test
    void letsAStallPassOfALittleWork() {
        assertThat(backlog.admits(1, 5, 0, NEVER)).isTrue();
        stall(300);

        assertThat(backlog.admits(1, 5, 499 * MILLI, NEVER)).isTrue();
        assertThat(backlog.admits(1, 6, 499 * MILLI, NEVER)).isFalse();
        assertThat(backlog.admits(1, 5, 500 * MILLI, NEVER)).isFalse();
    }

    @Test
    void letsNoStallPassThatLastsTooLong() {
        assertThat(backlog.admits(1, 5, 0, NEVER)).isTrue();
        stall(600);

        assertThat(backlog.admits(1, 5, 100 * MILLI, NEVER)).isFalse();
    }

    @Test
    void aFloodIsNoStall() {
        assertThat(backlog.admits(1, 5, 0, NEVER)).isTrue();

        assertThat(backlog.admits(1, 21, 0, NEVER)).isFalse();
    }

    /** Results wait for their event loop. */
    private void stall(int millis) {
        for (int i = 0; i < 100; i++) {
            wayBack.took(millis * MILLI);
        }
    }

    private void ranWith(long nanos, int times) {
        for (int i = 0; i < times; i++) {
            backlog.started(1, 0);
            backlog.ended(1, nanos, 0);
        }
    }
}
