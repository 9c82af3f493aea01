package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

/**
 * The authentication and the quotas of a listener.
 *
 * <p>Immutable.
 */
public record AccessPolicy(Authenticator authenticator, Quotas quotas) {

    public AccessPolicy {
        requireNonNull(authenticator, "authenticator");
        requireNonNull(quotas, "quotas");
    }

    /** Authentication without quotas. */
    public static AccessPolicy unlimited(Authenticator authenticator) {
        return new AccessPolicy(authenticator, Quotas.NONE);
    }
}
