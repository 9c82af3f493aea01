package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Who gets in.
 *
 * <p>Immutable.
 *
 * @param mode how clients say who they are
 * @param allowAnyoneOnTheNetwork let everyone in who reaches the listeners, from other machines too
 * @param apiKeysFile the keys' file; needed by {@code api-key}, and beside tokens if it is there
 * @param jwt whose tokens are taken
 */
public record AuthConfig(AuthMode mode, boolean allowAnyoneOnTheNetwork, Path apiKeysFile, JwtConfig jwt) {

    public AuthConfig {
        requireNonNull(mode, "mode");
        requireNonNull(apiKeysFile, "apiKeysFile");
        requireNonNull(jwt, "jwt");
        if (mode == AuthMode.API_KEY && apiKeysFile.toString().isEmpty()) {
            throw new IllegalArgumentException(
                    "apiKeysFile: the file of the keys, not empty; ./hemline keys new --client NAME makes its lines");
        }
        if (mode == AuthMode.JWT) {
            jwt.requireComplete();
        }
    }

    /** Everyone on this machine. */
    public static AuthConfig defaults() {
        return new AuthConfig(AuthMode.NONE, false, Path.of(""), JwtConfig.defaults());
    }

    /** Refuses a listener that other machines reach, unless clients say who they are or everyone is let in on purpose. */
    public void requireSafe(String key, String host) {
        if (mode != AuthMode.NONE || allowAnyoneOnTheNetwork || isLoopback(host)) {
            return;
        }
        throw new IllegalArgumentException(key + "=" + host + " is reached from other machines, and auth.mode=none lets"
                + " everyone in. Set auth.mode=api-key and auth.api-keys-file=FILE (./hemline keys new --client NAME"
                + " makes its lines), or auth.mode=jwt with auth.jwt.jwks, auth.jwt.issuer and auth.jwt.audience; only"
                + " where something else keeps everyone away who may not ask,"
                + " auth.allow-anyone-on-the-network=true");
    }

    /** Whether keys are taken. */
    boolean hasKeys() {
        return mode != AuthMode.NONE && !apiKeysFile.toString().isEmpty();
    }

    private static boolean isLoopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
