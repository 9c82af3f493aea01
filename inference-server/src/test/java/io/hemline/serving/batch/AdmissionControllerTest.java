package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.AdmissionController.EventLoopLag;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two workers, 10 ms per row, a longest wait of 100 ms. */
class AdmissionControllerTest {

    private static final long MILLI = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoopLag eventLoopLag = new EventLoopLag();
    private final BatchSizes sizes = BatchSizes.of(List.of(1, 2), 2).measured(new long[] {10 * MILLI, 20 * MILLI});
    private final AdmissionController admission =
            new AdmissionController(sizes, 2, Duration.ofMillis(100), eventLoopLag);

    @Test
    void admitsRowsUpToTheLongestWait() {
        assertThat(admission.admits(1, 20, 0, NEVER)).isTrue();
        assertThat(admission.admits(1, 21, 0, NEVER)).isFalse();
        assertThat(admission.rejectionMessage(1, 21, 0))
                .isEqualTo("21 rows wait or run, 1 more would wait about 105 ms: longer than"
                        + " 100 ms (batch.max-wait) or than their deadline allows");
    }

    @Test
    void countsRunningRows() {
        admission.started(2, 0);

        assertThat(admission.admits(1, 19, 0, NEVER)).isFalse();
    }

    @Test
    void admitsRowsThatFinishBeforeTheirDeadline() {
        assertThat(admission.admits(2, 4, 0, 30 * MILLI)).isTrue();
        assertThat(admission.admits(3, 4, 0, 30 * MILLI)).isFalse();
    }

    @Test
    void admitsAnyRequestWithNoWorkAheadOfIt() {
        assertThat(admission.admits(1000, 0, 0, 30 * MILLI)).isTrue();
    }

    @Test
    void learnsThatBatchesTakeLongerThanCalibrated() {
        ranWith(30 * MILLI, 100);

        assertThat(admission.waitNanos(4, 0)).isBetween(59 * MILLI, 61 * MILLI);
    }

    @Test
    void learnsThatBatchesAreFastAgain() {
        ranWith(30 * MILLI, 100);
        ranWith(10 * MILLI, 100);

        assertThat(admission.waitNanos(4, 0)).isBetween(19 * MILLI, 21 * MILLI);
    }

    @Test
    void limitsTheEffectOfOneLongPause() {
        ranWith(60_000 * MILLI, 1);

        assertThat(admission.waitNanos(4, 0)).isEqualTo(38 * MILLI);
    }

    @Test
    void derivesTheSlowdownFromABatchThatDoesNotEnd() {
        admission.started(2, 0);

        assertThat(admission.waitNanos(4, 20 * MILLI)).isEqualTo(30 * MILLI);
        assertThat(admission.waitNanos(4, 60 * MILLI)).isEqualTo(90 * MILLI);
    }

    @Test
    void countsTheEventLoopLag() {
        for (int i = 0; i < 100; i++) {
            eventLoopLag.record(50 * MILLI);
        }

        assertThat(admission.admits(1, 9, 0, NEVER)).isTrue();
        assertThat(admission.admits(1, 11, 0, NEVER)).isFalse();
    }

    @Test
    void toleratesAStallWithLittleWorkAhead() {
        assertThat(admission.admits(1, 5, 0, NEVER)).isTrue();
        stall(300);

        assertThat(admission.admits(1, 5, 499 * MILLI, NEVER)).isTrue();
        assertThat(admission.admits(1, 6, 499 * MILLI, NEVER)).isFalse();
        assertThat(admission.admits(1, 5, 500 * MILLI, NEVER)).isFalse();
    }

    @Test
    void doesNotTolerateALongStall() {
        assertThat(admission.admits(1, 5, 0, NEVER)).isTrue();
        stall(600);

        assertThat(admission.admits(1, 5, 100 * MILLI, NEVER)).isFalse();
    }

    @Test
    void doesNotTreatOverloadAsAStall() {
        assertThat(admission.admits(1, 5, 0, NEVER)).isTrue();

        assertThat(admission.admits(1, 21, 0, NEVER)).isFalse();
    }

    /** Results are delivered late on their event loop. */
    private void stall(int millis) {
        for (int i = 0; i < 100; i++) {
            eventLoopLag.record(millis * MILLI);
        }
    }

    private void ranWith(long nanos, int times) {
        for (int i = 0; i < times; i++) {
            admission.started(1, 0);
            admission.ended(1, nanos, 0);
        }
    }
}
