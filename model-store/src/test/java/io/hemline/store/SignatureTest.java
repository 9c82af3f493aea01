package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hemline.store.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed versions, with the bundles of {@code fixtures/signatures} that the real signer made. */
class SignatureTest {

    private static final Path SIGNATURES = Path.of("fixtures", "signatures");
    private static final Path SIGNER = SIGNATURES.resolve("signer.pem");

    @TempDir
    Path root;

    @BeforeEach
    void copyTheGoodStore() {
        Fixtures.copy("good", root);
    }

    static List<JsonNode> cases() {
        return StreamSupport.stream(
                        Fixtures.json(SIGNATURES.resolve("cases.json")).spliterator(), false)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void acceptsOrRefusesEachBundleAsInTheFixtures(JsonNode entry) throws IOException {
        sign(entry.get("case").textValue());
        Path key = SIGNATURES.resolve(entry.path("key").asText("signer.pem"));
        ModelStore store = ModelStore.inFolder(root, SignaturePolicy.of(true, List.of(key)));

        if (entry.get("accepted").booleanValue()) {
            assertThat(store.verify("trend", 1).version()).isEqualTo(1);
            return;
        }
        assertThatThrownBy(() -> store.verify("trend", 1))
                .isInstanceOf(ArtifactRejected.class)
                .hasMessageContaining("model.sig: ")
                .hasMessageContaining(entry.get("names").textValue());
    }

    @Test
    void refusesAnUnsignedVersionOnlyWhenASignatureIsRequired() {
        ModelStore required = ModelStore.inFolder(root, SignaturePolicy.of(true, List.of(SIGNER)));
        ModelStore optional = ModelStore.inFolder(root, SignaturePolicy.of(false, List.of(SIGNER)));

        assertThat(optional.verify("trend", 1).version()).isEqualTo(1);
        assertThatThrownBy(() -> required.verify("trend", 1)).hasMessageContaining("it is not signed");
        assertThatThrownBy(() -> required.promote("trend", 2, Channel.STABLE)).hasMessageContaining("it is not signed");
    }

    @Test
    void refusesAWrongSignatureEvenWhenNoneIsRequired() throws IOException {
        sign("stranger");
        ModelStore optional = ModelStore.inFolder(root, SignaturePolicy.of(false, List.of(SIGNER)));
        ModelStore unchecked = ModelStore.inFolder(root);

        assertThat(unchecked.verify("trend", 1).version()).isEqualTo(1);
        assertThatThrownBy(() -> optional.verify("trend", 1)).hasMessageContaining("none of the trusted");
    }

    @Test
    void trustsAnyOfSeveralKeys() throws IOException {
        sign("curve-384");
        List<Path> keys = List.of(SIGNER, SIGNATURES.resolve("signer-384.pem"));

        Artifact artifact =
                ModelStore.inFolder(root, SignaturePolicy.of(true, keys)).verify("trend", 1);

        assertThat(artifact.version()).isEqualTo(1);
    }

    @Test
    void refusesAVersionThatWasRepackedAfterItWasSigned() throws IOException {
        sign("whole");
        Path card = file("card.md");
        String before = Digest.of(card);
        Files.writeString(card, "x".repeat((int) Files.size(card)));
        Path manifest = file(Manifest.FILE);
        Files.writeString(manifest, Files.readString(manifest).replace(before, Digest.of(card)));
        ModelStore store = ModelStore.inFolder(root, SignaturePolicy.of(true, List.of(SIGNER)));

        assertThatThrownBy(() -> store.verify("trend", 1)).hasMessageContaining("model.sig: file card.md has SHA-256");
    }

    @Test
    void refusesASignatureThatIsNoJson() throws IOException {
        Files.writeString(file(SignatureBundle.FILE), "signed, yours sincerely");
        ModelStore store = ModelStore.inFolder(root, SignaturePolicy.of(false, List.of(SIGNER)));

        assertThatThrownBy(() -> store.verify("trend", 1)).hasMessageContaining("model.sig: the text is not JSON");
    }

    @Test
    void reportsAnInvalidKey() throws IOException {
        Path file = root.resolve("key.pem");

        assertThatThrownBy(() -> TrustedKey.read(file)).hasMessageContaining("cannot read public key");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> TrustedKey.read(file))
                .hasMessageContaining("holds a private key")
                .hasMessageNotContaining("c2VjcmV0");
        Files.writeString(file, "-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----\n");
        assertThatThrownBy(() -> TrustedKey.read(file)).hasMessageContaining("no elliptic curve key");
        assertThatThrownBy(() -> SignaturePolicy.of(true, List.of())).hasMessageContaining("no public key is named");
    }

    private void sign(String name) throws IOException {
        Files.copy(SIGNATURES.resolve(name + ".sig"), file(SignatureBundle.FILE));
    }

    private Path file(String name) {
        return root.resolve("trend/versions/1").resolve(name);
    }
}
