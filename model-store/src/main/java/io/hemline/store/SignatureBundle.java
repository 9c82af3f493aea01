package io.hemline.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The file {@code model.sig}: a sigstore bundle around a DSSE envelope with one signature by a key. Parsing checks the
 * form and no signature. Immutable.
 *
 * @param hint of the key that signed; empty if the bundle has none
 * @param payload the signed text
 * @param signature over {@link #signedBytes}
 */
record SignatureBundle(Optional<String> hint, byte[] payload, byte[] signature) {

    static final String FILE = "model.sig";

    private static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    static SignatureBundle parse(byte[] json) {
        JsonMember.Members bundle = new JsonMember("bundle", ManifestReader.tree(json)).members();
        expect(bundle.get("mediaType"), MEDIA_TYPE);
        JsonMember material = bundle.get("verificationMaterial");
        if (!material.node().has("publicKey")) {
            throw new FormatException("it is signed with a certificate; only signatures by a key are known here");
        }
        JsonNode hint = material.members().get("publicKey").node().path("hint");
        JsonMember.Members envelope = bundle.get("dsseEnvelope").members();
        expect(envelope.get("payloadType"), PAYLOAD_TYPE);
        List<byte[]> signatures = envelope.get("signatures")
                .list(signature -> base64(signature.members().get("sig")));
        if (signatures.size() != 1) {
            throw new FormatException("it must hold one signature, holds " + signatures.size());
        }
        return new SignatureBundle(
                hint.isTextual() ? Optional.of(hint.textValue()) : Optional.empty(),
                base64(envelope.get("payload")),
                signatures.get(0));
    }

    /** The signed bytes: DSSE's pre-authentication encoding of the payload and its type. */
    byte[] signedBytes() {
        byte[] head = String.format(
                        Locale.ROOT, "DSSEv1 %d %s %d ", PAYLOAD_TYPE.length(), PAYLOAD_TYPE, payload.length)
                .getBytes(UTF_8);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static void expect(JsonMember member, String text) {
        if (!member.text().equals(text)) {
            throw member.wrong("\"" + text + "\"");
        }
    }

    private static byte[] base64(JsonMember member) {
        try {
            return Base64.getDecoder().decode(member.text());
        } catch (IllegalArgumentException e) {
            throw member.wrong("Base64");
        }
    }
}
