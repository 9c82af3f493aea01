package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

/**
 * Who may ask, and how much.
 *
 * <p>Immutable.
 */
public record AccessPolicy(Authenticator gate, Quotas quotas) {

    public AccessPolicy {
        requireNonNull(gate, "gate");
        requireNonNull(quotas, "quotas");
    }

    /** As much as they like. */
    public static AccessPolicy unlimited(Authenticator gate) {
        return new AccessPolicy(gate, Quotas.NONE);
    }
}
