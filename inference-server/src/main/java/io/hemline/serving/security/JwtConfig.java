package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;

/**
 * Whose tokens are taken (RFC 9068).
 *
 * <p>Immutable.
 *
 * @param jwks where the issuer's public keys are: an {@code https} address, one of this machine, or a file
 * @param issuer what {@code iss} must say
 * @param audience what {@code aud} must name
 * @param leeway how far the issuer's clock may be off
 */
public record JwtConfig(String jwks, String issuer, String audience, Duration leeway) {

    private static final Duration MAX_LEEWAY = Duration.ofMinutes(5);

    public JwtConfig {
        requireNonNull(jwks, "jwks");
        requireNonNull(issuer, "issuer");
        requireNonNull(audience, "audience");
        if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
            throw new IllegalArgumentException("leeway: 0 seconds to 5 minutes, not " + leeway);
        }
        if (jwks.startsWith("http:") && !isOfThisMachine(jwks)) {
            throw new IllegalArgumentException(
                    "jwks: https, or a file; over http anyone between could change the keys, "
                            + "so it may only be of 127.0.0.1 or localhost, not " + jwks);
        }
    }

    /** No issuer, half a minute. */
    public static JwtConfig defaults() {
        return new JwtConfig("", "", "", Duration.ofSeconds(30));
    }

    /** Whether the keys are fetched, and not read from a file. */
    boolean isFetched() {
        return jwks.startsWith("https:") || jwks.startsWith("http:");
    }

    void requireComplete() {
        requireSet("jwks", jwks);
        requireSet("issuer", issuer);
        requireSet("audience", audience);
    }

    private static void requireSet(String name, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("jwt." + name + ": needed by mode=jwt, not empty");
        }
    }

    private static boolean isOfThisMachine(String url) {
        String host = URI.create(url).getHost();
        return "127.0.0.1".equals(host) || "localhost".equals(host) || "[::1]".equals(host);
    }
}
