package io.hemline.serving.access;

import static java.util.Objects.requireNonNull;

/**
 * Who may ask, and how much.
 *
 * <p>Immutable.
 */
public record Admittance(Gate gate, Quotas quotas) {

    public Admittance {
        requireNonNull(gate, "gate");
        requireNonNull(quotas, "quotas");
    }

    /** As much as they like. */
    public static Admittance unlimited(Gate gate) {
        return new Admittance(gate, Quotas.NONE);
    }
}
