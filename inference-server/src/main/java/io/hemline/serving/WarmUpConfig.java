package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The warm-up before the server is ready.
 *
 * <p>Immutable.
 *
 * @param budget the longest duration; it ends sooner after enough requests; 0 = no warm-up
 */
public record WarmUpConfig(Duration budget) {

    public WarmUpConfig {
        requireNonNull(budget, "budget");
        if (budget.isNegative() || budget.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("budget: 0 to 1 m, not " + budget);
        }
    }

    /** As long as two slow cores need to compile the code of the most frequent requests. */
    public static WarmUpConfig defaults() {
        return new WarmUpConfig(Duration.ofSeconds(2));
    }
}
