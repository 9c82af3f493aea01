package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.lifecycle.Slot;

/**
 * Whether the server is ready for requests: a model is live, the warm-up is over and the server is not stopping.
 *
 * <p>Thread-safe: volatile flags.
 */
final class Readiness {

    private final Slot stable;
    private volatile boolean warm;
    private volatile boolean draining;

    Readiness(Slot stable) {
        this.stable = requireNonNull(stable, "stable");
    }

    void warmedUp() {
        warm = true;
    }

    void drain() {
        draining = true;
    }

    boolean isWarm() {
        return warm;
    }

    boolean isDraining() {
        return draining;
    }

    boolean isReady() {
        return warm && stable.live() != null && !draining;
    }
}
