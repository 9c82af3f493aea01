package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.Client.Scope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/**
 * A generated API key: 256 random bits in base 64. The server stores its hash only.
 *
 * <p>Immutable.
 */
public final class ApiKey {

    /** Longer texts are no keys. */
    static final int MAX_LENGTH = 256;

    private static final String PREFIX = "hk_";
    private static final int BYTES = 32;

    private final String text;

    private ApiKey(String text) {
        this.text = requireNonNull(text, "text");
    }

    /** Generates a key. */
    public static ApiKey generate(SecureRandom random) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        return new ApiKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** The secret text that the client sends. */
    public String reveal() {
        return text;
    }

    /** The line of the key file, which has the hash of the key. */
    public String line(String client, Set<Scope> scopes) {
        if (!Client.isId(client) || client.indexOf(' ') >= 0 || client.startsWith("#")) {
            throw new IllegalArgumentException("a client's name has 1 to " + Client.MAX_ID
                    + " printable ASCII characters without blanks, the first of them no #");
        }
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("a key has one scope at least: " + Scope.words());
        }
        TreeSet<Scope> sorted = new TreeSet<>(scopes);
        String words = String.join(",", sorted.stream().map(Scope::word).toList());
        return client + " " + words + " " + hash();
    }

    private String hash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Masks the key. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
