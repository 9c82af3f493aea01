package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.testing.Fixtures;
import io.hemline.store.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a real S3 server. */
class S3StoreTest {

    private static final String VERSIONS = "trend/versions/";

    @TempDir
    Path folder;

    private S3Server server;
    private S3Bucket bucket;
    private ModelStore store;

    @BeforeEach
    void uploadTheGoodStore() throws IOException {
        server = S3Server.start(folder);
        bucket = new S3Bucket(server);
        bucket.upload(Fixtures.store("good"));
        store = bucket.store(folder.resolve("cache"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void listsAndVerifiesAsAFolderDoes() {
        ModelStore same = ModelStore.inFolder(Fixtures.store("good"));

        assertThat(store.models()).containsExactly("trend");
        assertThat(store.versions("trend")).isEqualTo(same.versions("trend"));
        assertThat(store.versions("trend").get(1).channels()).isEqualTo(Set.of(Channel.STABLE));
        assertThat(store.verify("trend", 2).digest())
                .isEqualTo(same.verify("trend", 2).digest());
        assertThat(store.verify("trend", 2).golden().forecaster()).isNotEmpty();
        assertThatThrownBy(() -> store.versions("handbags")).hasMessageContaining("s3://models/fashion/handbags");
    }

    @Test
    void copiesAVersionThatLaterWritesToTheCacheDoNotChange() throws IOException {
        Path target = Files.createDirectory(folder.resolve("copy"));

        Artifact copy = store.copy("trend", 1, target);
        Files.writeString(store.verify("trend", 1).forecaster(), "something else");

        assertThat(copy.forecaster()).isEqualTo(target.resolve("forecaster.onnx"));
        assertThat(Digest.of(copy.forecaster()))
                .isEqualTo(copy.manifest().files().get(1).sha256());
    }

    @Test
    void promotesAndRollsBack() {
        store.promote("trend", 2, Channel.STABLE);
        store.promote("trend", 1, Channel.CANARY);

        assertThat(bucket.read("trend/channels/stable")).isEqualTo("2\n");
        assertThat(store.desired("trend", Channel.CANARY)).hasValue(1);
        assertThat(store.desired("trend", Channel.SHADOW)).isEmpty();
        assertThat(store.rollback("trend", Channel.STABLE)).isEqualTo(1);
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
        assertThatThrownBy(() -> store.rollback("trend", Channel.STABLE)).hasMessageContaining("nothing was changed");
        assertThatThrownBy(() -> store.promote("trend", 9, Channel.STABLE)).hasMessageContaining("there is nothing at");
    }

    @Test
    void oneOfTwoConcurrentPromotionsFails() throws Exception {
        store.verify("trend", 1);
        store.verify("trend", 2);
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 5; round++) {
                CyclicBarrier together = new CyclicBarrier(2);
                List<Future<String>> outcomes = both.invokeAll(List.of(promoting(together, 1), promoting(together, 2)));

                List<String> results =
                        List.of(outcomes.get(0).get(), outcomes.get(1).get());
                assertThat(results).contains("won");
                assertThat(results).allMatch(outcome -> outcome.equals("won") || outcome.contains("moved by another"));
            }
        } finally {
            both.shutdownNow();
        }
    }

    @Test
    void refusesToMoveAPointerThatAnotherMovedSince() throws IOException {
        S3Objects objects = new S3Objects(
                S3Location.parse(S3Bucket.URL), S3Bucket.connection(server.endpoint(), S3Server.SECRET_KEY));
        String seen = objects.read("trend/channels/stable", 64).orElseThrow().tag();
        bucket.write("trend/channels/stable", "2\n");

        assertThat(objects.replace("trend/channels/stable", new byte[] {'9'}, seen))
                .isFalse();
        assertThat(objects.replace("trend/channels/stable", new byte[] {'9'}, null))
                .isFalse();
        assertThat(bucket.read("trend/channels/stable")).isEqualTo("2\n");
    }

    @Test
    void doesNotSeeAVersionThatIsHalfUploaded() {
        bucket.write(VERSIONS + "3/forecaster.onnx", "half");

        assertThat(store.versions("trend")).extracting(StoredVersion::version).containsExactly(2, 1);
        assertThatThrownBy(() -> store.verify("trend", 3)).hasMessageContaining("file manifest.json is missing");
    }

    @Test
    void refusesFilesThatDifferFromTheManifest() {
        bucket.write(VERSIONS + "1/card.md", "short");
        bucket.write(VERSIONS + "2/notes.txt", "left behind");

        assertThatThrownBy(() -> store.verify("trend", 1)).hasMessageContaining("card.md has 5 bytes");
        assertThatThrownBy(() -> store.verify("trend", 2)).hasMessageContaining("notes.txt is not listed");
        bucket.delete(VERSIONS + "1/card.md");
        assertThatThrownBy(() -> store.verify("trend", 1)).hasMessageContaining("card.md is missing");
        assertThat(folder.resolve("cache")).isDirectoryNotContaining("regex:.*staging.*");
    }

    @Test
    void checksSignatures() throws IOException {
        Path signatures = Path.of("fixtures", "signatures");
        SignaturePolicy policy = SignaturePolicy.of(true, List.of(signatures.resolve("signer.pem")));
        ModelStore strict = bucket.store(folder.resolve("cache"), policy);

        assertThatThrownBy(() -> strict.verify("trend", 1)).hasMessageContaining("it is not signed");
        bucket.write(VERSIONS + "1/model.sig", Files.readString(signatures.resolve("stranger.sig")));
        assertThatThrownBy(() -> strict.verify("trend", 1)).hasMessageContaining("none of the trusted");
        bucket.write(VERSIONS + "1/model.sig", Files.readString(signatures.resolve("whole.sig")));
        assertThat(strict.verify("trend", 1).version()).isEqualTo(1);
    }

    @Test
    void downloadsAgainWhatIsCorruptInTheCache() throws IOException {
        Path card = store.verify("trend", 1).file("card.md");
        Files.writeString(card, "corrupt");

        assertThat(Files.readString(store.verify("trend", 1).file("card.md"))).startsWith("# Fixture");
    }

    @Test
    void evictsTheLeastRecentlyUsedVersions() throws IOException {
        Path copy = Fixtures.copy("good", folder.resolve("many"));
        for (int version = 3; version <= ArtifactCache.MAX_VERSIONS + 2; version++) {
            Fixtures.addVersion(copy, 1, version);
        }
        bucket.upload(copy);

        Path last = folder;
        for (int version = 1; version <= ArtifactCache.MAX_VERSIONS + 2; version++) {
            last = store.verify("trend", version).folder();
        }

        try (var kept = Files.list(last.resolveSibling(""))) {
            assertThat(kept).hasSize(ArtifactCache.MAX_VERSIONS).contains(last);
        }
    }

    @Test
    void keepsTheNewDownloadWhenTheClockWasSetBack() throws IOException {
        Path copy = Fixtures.copy("good", folder.resolve("many"));
        for (int version = 3; version <= ArtifactCache.MAX_VERSIONS + 1; version++) {
            Fixtures.addVersion(copy, 1, version);
        }
        bucket.upload(copy);
        FileTime tomorrow = FileTime.from(Instant.now().plus(Duration.ofDays(1)));
        for (int version = 1; version <= ArtifactCache.MAX_VERSIONS; version++) {
            Files.setLastModifiedTime(store.verify("trend", version).folder(), tomorrow);
        }

        Path downloaded = store.verify("trend", ArtifactCache.MAX_VERSIONS + 1).forecaster();

        assertThat(downloaded).exists();
    }

    @Test
    void prunesAndNeverUsesANumberAgain() throws IOException {
        Path copy = Fixtures.copy("good", folder.resolve("more"));
        Fixtures.addVersion(copy, 1, 3);
        bucket.upload(copy);
        bucket.write(VERSIONS + "4/forecaster.onnx", "being uploaded");
        bucket.write("trend/claims/4", "0".repeat(64));

        assertThat(store.prune("trend", 1)).containsExactly(2);

        assertThat(store.versions("trend")).extracting(StoredVersion::version).containsExactly(3, 1);
        assertThat(bucket.names(VERSIONS + "2/")).isEmpty();
        assertThat(bucket.names(VERSIONS + "4/")).hasSize(1);
        assertThat(bucket.read("trend/claims/2")).isEqualTo("pruned\n");
    }

    @Test
    void refusesAGarbledPointerAndPromotesOverIt() {
        bucket.write("trend/channels/stable", "latest\n");

        assertThatThrownBy(() -> store.desired("trend", Channel.STABLE)).hasMessageContaining("\"latest\\n\"");
        assertThatThrownBy(() -> store.prune("trend", 1)).hasMessageContaining("channels/stable");
        store.promote("trend", 2, Channel.STABLE);
        assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
    }

    private Callable<String> promoting(CyclicBarrier together, int version) {
        return () -> {
            together.await();
            try {
                store.promote("trend", version, Channel.STABLE);
                return "won";
            } catch (StoreException e) {
                return e.getMessage();
            }
        };
    }
}
