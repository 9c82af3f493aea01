package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.testing.Fixtures;
import io.hemline.store.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version is copied before it is run, and the verdict is about the copy's own bytes. */
class VersionCopyTest {

    private static final Path SIGNATURES = Path.of("fixtures", "signatures");

    @TempDir
    Path folder;

    private Path versions;
    private Path target;
    private ModelStore store;

    @BeforeEach
    void copyTheGoodStore() throws IOException {
        store = ModelStore.inFolder(Fixtures.copy("good", folder.resolve("store")));
        versions = folder.resolve("store/trend/versions");
        target = Files.createDirectory(folder.resolve("copy"));
    }

    @Test
    void isTheSameArtifactInItsOwnFolder() throws IOException {
        Artifact copy = store.copy("trend", 1, target);

        assertThat(copy.digest()).isEqualTo(store.verify("trend", 1).digest());
        assertThat(copy.forecaster()).isEqualTo(target.resolve("forecaster.onnx"));
        assertThat(copy.golden()).isNotNull();
        Files.writeString(versions.resolve("1/forecaster.onnx"), "something else");
        assertThat(Digest.of(copy.forecaster()))
                .isEqualTo(copy.manifest().files().get(1).sha256());
    }

    @Test
    void isVerifiedByItsOwnBytesAndNotByAnEarlierVerdict() throws IOException {
        store.verify("trend", 1);
        Path graph = versions.resolve("1/forecaster.onnx");
        byte[] other = Files.readAllBytes(graph);
        other[0] ^= 1;
        Files.write(graph, other);

        assertThatThrownBy(() -> store.copy("trend", 1, target))
                .isInstanceOf(ArtifactRejected.class)
                .hasMessageContaining("forecaster.onnx has SHA-256");
    }

    @Test
    void needsARequiredSignatureAndCopiesAnExistingOne() throws IOException {
        ModelStore strict = ModelStore.inFolder(
                folder.resolve("store"), SignaturePolicy.of(true, List.of(SIGNATURES.resolve("signer.pem"))));

        assertThatThrownBy(() -> strict.copy("trend", 1, target)).hasMessageContaining("it is not signed");
        Files.copy(SIGNATURES.resolve("whole.sig"), versions.resolve("1").resolve(SignatureBundle.FILE));
        Path again = Files.createDirectory(folder.resolve("again"));
        assertThat(strict.copy("trend", 1, again).version()).isEqualTo(1);
        assertThat(again.resolve(SignatureBundle.FILE)).exists();
    }

    @Test
    void copiesOnlyListedFilesAndFollowsNoLink() throws IOException {
        Files.writeString(versions.resolve("1/huge.bin"), "not listed");
        assertThatThrownBy(() -> store.copy("trend", 1, target)).hasMessageContaining("huge.bin is not listed");
        assertThat(target).isEmptyDirectory();

        Path card = versions.resolve("2/card.md");
        Files.move(card, folder.resolve("card.md"));
        Files.createSymbolicLink(card, folder.resolve("card.md"));
        assertThatThrownBy(() -> store.copy("trend", 2, target)).hasMessageContaining("card.md is not a plain file");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void namesTheFolderThatIsFull() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64)) {
            Path full = Files.createDirectory(folder.resolve("disk/copy"));
            disk.fill();

            assertThatThrownBy(() -> store.copy("trend", 1, full))
                    .isInstanceOf(StoreException.class)
                    .isNotInstanceOf(ArtifactRejected.class)
                    .hasMessageContaining("cannot copy version 1 of trend")
                    .hasMessageContaining(full.toString())
                    .hasMessageContaining("No space left");
        }
    }
}
