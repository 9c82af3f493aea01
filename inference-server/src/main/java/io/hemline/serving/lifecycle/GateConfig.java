package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The promotion gate's limits, beside the golden answers.
 *
 * <p>Immutable.
 *
 * @param maxLatency the CPU time within which 99 of 100 single rows are computed; a version that needs at most one and
 *     a half times the live version's time passes as well
 */
public record GateConfig(Duration maxLatency) {

    public GateConfig {
        requireNonNull(maxLatency, "maxLatency");
        if (maxLatency.toNanos() < 1000 || maxLatency.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("maxLatency: up to 1 m, not " + maxLatency);
        }
    }

    /** A third of the longest time that a caller may wait. */
    public static GateConfig defaults() {
        return new GateConfig(Duration.ofMillis(50));
    }
}
