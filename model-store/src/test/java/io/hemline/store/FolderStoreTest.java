package io.hemline.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest {

    @TempDir
    Path root;

    private ModelStore store;

    @BeforeEach
    void copyTheGoodStore() {
        Fixtures.copy("good", root);
        store = ModelStore.open(root.toUri().toString());
    }

    @Test
    void listsVersionsTheNewestFirstWithTheirChannels() {
        Fixtures.addVersion(root, 1, 10);

        assertThat(store.models()).containsExactly("trend");
        assertThat(store.versions("trend")).extracting(StoredVersion::version).containsExactly(10, 2, 1);
        assertThat(store.versions("trend").get(2).channels()).isEqualTo(Set.of(Channel.STABLE));
        assertThat(store.versions("trend").get(2).digest())
                .isEqualTo(store.verify("trend", 1).digest());
    }

    @Test
    void listsWhyAVersionCannotBeRead() throws IOException {
        Files.delete(file(2, Manifest.FILE));

        StoredVersion version = store.versions("trend").get(0);

        assertThat(version.unreadable()).isEqualTo("file manifest.json is missing");
        assertThat(version.digest()).isNull();
    }

    @Test
    void seesNoHiddenFolderAndNoOtherName() throws IOException {
        for (String name : new String[] {".staging-7", "0", "01", "seven", "-1", "99999999999"}) {
            Files.createDirectories(root.resolve("trend/versions").resolve(name));
        }
        Files.createDirectories(root.resolve(".hidden/versions"));

        assertThat(store.models()).containsExactly("trend");
        assertThat(store.versions("trend")).hasSize(2);
    }

    @Test
    void refusesALinkInAVersion() throws IOException {
        Path target = Files.move(file(1, "card.md"), root.resolve("card.md"));
        Files.createSymbolicLink(file(1, "card.md"), target);

        assertThatThrownBy(() -> store.verify("trend", 1))
                .isInstanceOf(ArtifactRejected.class)
                .hasMessageContaining("card.md is not a plain file");
    }

    @Test
    void refusesALinkInPlaceOfAVersion() throws IOException {
        Files.createSymbolicLink(root.resolve("trend/versions/3"), file(1, "").toAbsolutePath());

        assertThatThrownBy(() -> store.verify("trend", 3)).hasMessageContaining("is not a plain folder");
    }

    @Test
    void refusesAFolderInAVersionAndAcceptsASignature() throws IOException {
        Files.writeString(file(1, SignatureBundle.FILE), "{}");
        assertThat(store.verify("trend", 1).version()).isEqualTo(1);

        Files.createDirectory(file(1, "more"));
        assertThatThrownBy(() -> store.verify("trend", 1)).hasMessageContaining("more is not listed");
    }

    @Test
    void refusesGoldenAnswersThatDoNotFitTheGraphs() throws IOException {
        Path golden = file(1, Golden.FILE);
        byte[] before = Files.readAllBytes(golden);
        String text = new String(before, UTF_8).replace("\"has_image\"", "\"had_image\"");
        Files.writeString(golden, text);
        relist(golden, before);

        assertThatThrownBy(() -> store.verify("trend", 1))
                .isInstanceOf(ArtifactRejected.class)
                .hasMessageContaining(
                        "golden.json: member forecaster[0].request.inputs: tensor \"has_image\" is missing");
    }

    @Test
    void refusesAModelsNameThatLeavesTheStore() {
        assertThatThrownBy(() -> store.verify("../good", 1)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.desired("a/b", Channel.STABLE)).isInstanceOf(StoreException.class);
    }

    @Test
    void promotesOnlyWhatItVerifies() throws IOException {
        Files.writeString(file(2, "card.md"), "changed");

        assertThatThrownBy(() -> store.promote("trend", 2, Channel.STABLE))
                .isInstanceOf(ArtifactRejected.class)
                .hasMessageContaining("card.md has 7 bytes");
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
    }

    @Test
    void pointsAtNoNumberThatNoReaderTakesForAVersion() {
        Fixtures.addVersion(root, 1, 1_000_000_000);

        assertThatThrownBy(() -> store.promote("trend", 1_000_000_000, Channel.STABLE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("1 to 999999999");
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
    }

    @Test
    void prunesNothingWhileAPointerLeadsNowhere() throws IOException {
        Files.createSymbolicLink(root.resolve("trend/channels/shadow"), root.resolve("none"));

        assertThatThrownBy(() -> store.prune("trend", 1)).hasMessageContaining("link to nothing");
        assertThat(store.versions("trend")).hasSize(2);
    }

    @Test
    void movesOneChannelAndLeavesTheOthers() {
        store.promote("trend", 2, Channel.CANARY);

        assertThat(store.desired("trend", Channel.CANARY)).hasValue(2);
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
        assertThat(store.desired("trend", Channel.SHADOW)).isEmpty();
        assertThat(root.resolve("trend/channels")).isDirectoryContaining(p -> p.endsWith("canary"));
        assertThat(root.resolve("trend/channels")).isDirectoryNotContaining("glob:**/.*");
    }

    @Test
    void promotingMendsAGarbledPointer() throws IOException {
        Files.writeString(root.resolve("trend/channels/stable"), "latest\n");
        assertThatThrownBy(() -> store.desired("trend", Channel.STABLE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("channels/stable")
                .hasMessageContaining("\"latest\\n\"");

        store.promote("trend", 2, Channel.STABLE);

        assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
    }

    @Test
    void rollsBackToTheGreatestIntactVersionBelow() throws IOException {
        Fixtures.addVersion(root, 1, 3);
        Fixtures.addVersion(root, 1, 4);
        store.promote("trend", 4, Channel.STABLE);
        Files.delete(file(3, "card.md"));

        assertThat(store.rollback("trend", Channel.STABLE)).isEqualTo(2);

        assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
    }

    @Test
    void refusesToRollBackBelowTheOldestAndForward() {
        assertThatThrownBy(() -> store.rollback("trend", Channel.STABLE)).hasMessageContaining("nothing was changed");
        assertThatThrownBy(() -> store.rollback("trend", Channel.STABLE, 2)).hasMessageContaining("use promote");
        assertThatThrownBy(() -> store.rollback("trend", Channel.CANARY)).hasMessageContaining("names no version yet");
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
    }

    @Test
    void prunesAllButTheNewestAndThoseThatAChannelNames() throws IOException {
        for (int version = 3; version <= 6; version++) {
            Fixtures.addVersion(root, 1, version);
        }
        Files.createDirectories(root.resolve("trend/versions/.pruned-2/left"));
        store.promote("trend", 4, Channel.CANARY);

        assertThat(store.prune("trend", 2)).containsExactly(2, 3);

        assertThat(store.versions("trend")).extracting(StoredVersion::version).containsExactly(6, 5, 4, 1);
        assertThat(root.resolve("trend/versions")).isDirectoryNotContaining("glob:**/.*");
        assertThat(store.prune("trend", 2)).isEmpty();
    }

    @Test
    void prunesNothingWhileAPointerIsGarbled() throws IOException {
        Files.writeString(root.resolve("trend/channels/shadow"), "?");

        assertThatThrownBy(() -> store.prune("trend", 1)).hasMessageContaining("channels/shadow");
        assertThat(store.versions("trend")).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWithAPlace() {
        assertThatThrownBy(() -> ModelStore.open("s3://Bucket/models")).hasMessageContaining("s3://bucket/prefix");
        assertThatThrownBy(() -> ModelStore.open("file:relative")).hasMessageContaining("file:relative");
        assertThatThrownBy(() -> ModelStore.open("/no/such/place").models()).hasMessageContaining("/no/such/place");
    }

    private Path file(int version, String name) {
        return root.resolve("trend/versions").resolve(Integer.toString(version)).resolve(name);
    }

    /** Lists a changed file anew in the manifest, as a faulty publisher would. */
    private void relist(Path file, byte[] before) throws IOException {
        Path manifest = file.resolveSibling(Manifest.FILE);
        String text = Files.readString(manifest)
                .replace(Digest.of(before), Digest.of(file))
                .replace("\"size\": " + before.length, "\"size\": " + Files.size(file));
        Files.writeString(manifest, text);
    }
}
