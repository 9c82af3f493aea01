package io.hemline.store;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Holds a bundle to a policy: signed by a trusted key, over exactly the files that are there. */
final class SignatureCheck {

    private SignatureCheck() {}

    /**
     * Refuses a bundle that does not hold.
     *
     * @param bundle the bytes of {@code model.sig}
     * @param found SHA-256 of every other file, by name
     */
    static void check(byte[] bundle, Map<String, String> found, SignaturePolicy policy) {
        SignatureBundle signature = SignatureBundle.parse(bundle);
        List<TrustedKey> candidates = policy.keys().stream()
                .filter(key -> signature.hint().map(key.hint()::equals).orElse(true))
                .toList();
        if (candidates.isEmpty()) {
            throw new FormatException(String.format(
                    Locale.ROOT,
                    "it is signed by key %s, which is none of the trusted ones: %s",
                    signature.hint().orElse("?"),
                    policy.names()));
        }
        byte[] signed = signature.signedBytes();
        if (candidates.stream().noneMatch(key -> key.signed(signed, signature.signature()))) {
            throw new FormatException("the signature is not that of key "
                    + candidates.get(0).name() + "; the signature or what it covers was changed");
        }
        SignedFiles.parse(signature.payload()).check(found);
    }
}
