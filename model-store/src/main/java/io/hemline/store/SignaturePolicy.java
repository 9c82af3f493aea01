package io.hemline.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which keys are trusted, and whether an unsigned version is refused. Without a trusted key signatures are not
 * checked; with one, an existing signature must be valid. Immutable.
 *
 * @param required whether an unsigned version is refused
 * @param keys the trusted public keys; a signature by any of them is accepted
 */
public record SignaturePolicy(boolean required, List<TrustedKey> keys) {

    /** Signatures are not checked. */
    public static final SignaturePolicy UNCHECKED = new SignaturePolicy(false, List.of());

    public SignaturePolicy {
        keys = List.copyOf(keys);
        if (required && keys.isEmpty()) {
            throw new StoreException("a signature is required, and no public key is named to check it with");
        }
    }

    /** A policy that trusts the keys of these PEM files. */
    public static SignaturePolicy of(boolean required, List<Path> files) {
        return new SignaturePolicy(
                required, files.stream().map(TrustedKey::read).toList());
    }

    boolean checks() {
        return !keys.isEmpty();
    }

    /**
     * Refuses a bundle that no trusted key signed, or that covers other files than these.
     *
     * @param bundle the bytes of {@code model.sig}
     * @param digests SHA-256 of every other file, by name
     */
    void check(byte[] bundle, Map<String, String> digests) {
        SignatureBundle signature = SignatureBundle.parse(bundle);
        List<TrustedKey> candidates = keys.stream()
                .filter(key -> signature.hint().map(key.hint()::equals).orElse(true))
                .toList();
        if (candidates.isEmpty()) {
            throw new FormatException(String.format(
                    Locale.ROOT,
                    "it is signed by key %s, which is none of the trusted ones: %s",
                    signature.hint().orElse("?"),
                    keys.stream().map(TrustedKey::name).collect(Collectors.joining(", "))));
        }
        byte[] signed = signature.signedBytes();
        if (candidates.stream().noneMatch(key -> key.signed(signed, signature.signature()))) {
            throw new FormatException("the signature is not that of key "
                    + candidates.get(0).name() + "; the signature or what it covers was changed");
        }
        SignedFiles.parse(signature.payload()).check(digests);
    }
}
