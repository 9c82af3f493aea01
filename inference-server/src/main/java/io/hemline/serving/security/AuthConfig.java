package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * The authentication of clients.
 *
 * <p>Immutable.
 *
 * @param mode the kind of credentials
 * @param allowAnyoneOnTheNetwork accept {@code mode=none} on listeners that other machines can reach
 * @param apiKeysFile the file of API keys; required by {@code api-key}, optional with tokens
 * @param jwt the accepted tokens
 */
public record AuthConfig(Mode mode, boolean allowAnyoneOnTheNetwork, Path apiKeysFile, JwtConfig jwt) {

    public AuthConfig {
        requireNonNull(mode, "mode");
        requireNonNull(apiKeysFile, "apiKeysFile");
        requireNonNull(jwt, "jwt");
        if (mode == Mode.API_KEY && apiKeysFile.toString().isEmpty()) {
            throw new IllegalArgumentException(
                    "apiKeysFile: the file of the keys, not empty; ./hemline keys new --client NAME makes its lines");
        }
        if (mode == Mode.JWT) {
            jwt.requireComplete();
        }
    }

    /** No authentication, which is accepted on loopback addresses only. */
    public static AuthConfig defaults() {
        return new AuthConfig(Mode.NONE, false, Path.of(""), JwtConfig.defaults());
    }

    /** Rejects a listener that other machines can reach without authentication, unless that is explicitly allowed. */
    public void requireSafe(String key, String host) {
        if (mode != Mode.NONE || allowAnyoneOnTheNetwork || isLoopback(host)) {
            return;
        }
        throw new IllegalArgumentException(key + "=" + host + " is reached from other machines, and auth.mode=none"
                + " requires no credentials. Set auth.mode=api-key and auth.api-keys-file=FILE (./hemline keys new"
                + " --client NAME makes its lines), or auth.mode=jwt with auth.jwt.jwks, auth.jwt.issuer and"
                + " auth.jwt.audience; only where the network itself restricts access,"
                + " auth.allow-anyone-on-the-network=true");
    }

    /** Whether API keys are accepted. */
    boolean hasKeys() {
        return mode != Mode.NONE && !apiKeysFile.toString().isEmpty();
    }

    private static boolean isLoopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The kind of credentials. */
    public enum Mode {
        /** None. */
        NONE,
        /** API keys of a file. */
        API_KEY,
        /** Bearer tokens of an OAuth 2 issuer. */
        JWT
    }

    /**
     * The accepted access tokens (RFC 9068).
     *
     * <p>Immutable.
     *
     * @param jwks the issuer's JWK set: an {@code https} URL, an {@code http} URL of the loopback interface, or a file
     * @param issuer the required {@code iss}
     * @param audience the required element of {@code aud}
     * @param leeway the accepted clock skew
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
            if (jwks.startsWith("http:") && !isOnLoopback(jwks)) {
                throw new IllegalArgumentException(
                        "jwks: https, or a file; over http an intermediary could replace the keys, "
                                + "so it may only be of 127.0.0.1 or localhost, not " + jwks);
            }
        }

        /** No issuer, 30 seconds of leeway. */
        public static JwtConfig defaults() {
            return new JwtConfig("", "", "", Duration.ofSeconds(30));
        }

        /** Whether the keys come from a URL instead of a file. */
        boolean isFetched() {
            return jwks.startsWith("https:") || jwks.startsWith("http:");
        }

        private void requireComplete() {
            requireSet("jwks", jwks);
            requireSet("issuer", issuer);
            requireSet("audience", audience);
        }

        private static void requireSet(String name, String value) {
            if (value.isEmpty()) {
                throw new IllegalArgumentException("jwt." + name + ": needed by mode=jwt, not empty");
            }
        }

        private static boolean isOnLoopback(String url) {
            String host = URI.create(url).getHost();
            return "127.0.0.1".equals(host) || "localhost".equals(host) || "[::1]".equals(host);
        }
    }
}
