package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a version must be like before it goes live, beside giving its golden answers.
 *
 * <p>Immutable.
 *
 * @param maxLatency the processor time within which 99 of 100 lone rows are computed; a version that needs no more than one
 *     and a half times as much as the live one passes as well
 */
public record GateConfig(Duration maxLatency) {

    public GateConfig {
        requireNonNull(maxLatency, "maxLatency");
        if (maxLatency.toNanos() < 1000 || maxLatency.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("maxLatency: up to 1 m, not " + maxLatency);
        }
    }

    /** A third of what a caller may wait at most. */
    public static GateConfig defaults() {
        return new GateConfig(Duration.ofMillis(50));
    }
}
