package io.hemline.store;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whose signatures count, and whether a version without one is refused. Without a trusted key and without being required
 * signatures are not looked at; with a key, a signature that is there must hold. Immutable.
 *
 * @param required whether an unsigned version is refused
 * @param keys the trusted public keys; any of them may have signed
 */
public record SignaturePolicy(boolean required, List<TrustedKey> keys) {

    /** Signatures are not looked at. */
    public static final SignaturePolicy UNCHECKED = new SignaturePolicy(false, List.of());

    public SignaturePolicy {
        keys = List.copyOf(keys);
        if (required && keys.isEmpty()) {
            throw new StoreException("a signature is required, and no public key is named to check it with");
        }
    }

    /** Trusts the keys of these PEM files. */
    public static SignaturePolicy of(boolean required, List<Path> files) {
        return new SignaturePolicy(
                required, files.stream().map(TrustedKey::read).toList());
    }

    boolean checks() {
        return !keys.isEmpty();
    }

    /** The files of the trusted keys, for a message. */
    String names() {
        return keys.stream().map(TrustedKey::name).collect(Collectors.joining(", "));
    }
}
