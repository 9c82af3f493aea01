package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How the server is warmed before it calls itself ready.
 *
 * <p>Immutable.
 *
 * @param budget how long it asks itself at most; it stops sooner once it asked enough; 0 = not at all
 */
public record WarmUpConfig(Duration budget) {

    public WarmUpConfig {
        requireNonNull(budget, "budget");
        if (budget.isNegative() || budget.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("budget: 0 to 1 m, not " + budget);
        }
    }

    /** As long as it takes two slow cores to compile what is asked most (BENCHMARKS.md). */
    public static WarmUpConfig defaults() {
        return new WarmUpConfig(Duration.ofSeconds(2));
    }
}
