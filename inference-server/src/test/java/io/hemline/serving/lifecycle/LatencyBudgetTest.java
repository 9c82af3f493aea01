package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class LatencyBudgetTest {

    private final LatencyBudget budget = new LatencyBudget(Duration.ofMillis(5));

    @Test
    void passesAVersionWithinTheBudgetWithoutMeasuringTheLiveOne() {
        LongSupplier never = () -> {
            throw new AssertionError("asked");
        };

        assertThat(budget.fault(() -> 5_000_000, never)).isEmpty();
    }

    @Test
    void toleratesOneSlowRowInAHundred() {
        AtomicInteger row = new AtomicInteger();

        assertThat(budget.fault(() -> row.getAndIncrement() == 7 ? 900_000_000 : 1_000_000, () -> 1))
                .isEmpty();
        assertThat(budget.fault(() -> row.getAndIncrement() % 50 == 0 ? 900_000_000 : 1_000_000, () -> 1))
                .isPresent();
    }

    @Test
    void passesAVersionUpToOneAndAHalfTimesTheLiveOne() {
        assertThat(budget.fault(() -> 12_000_000, () -> 8_000_000)).isEmpty();
        assertThat(budget.fault(() -> 12_100_000, () -> 8_000_000))
                .hasValue("12.1 ms for 99 of 100 lone rows, over store.gate.max-latency of 5.00 ms,"
                        + " and more than 1.5 times the live version's 8.00");
    }
}
