package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.testing.Snapshots;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version that fails its checks never goes live, and the listing of versions gives the reason. */
class BadVersionsTest {

    /** Each bad fixture and a word of the reason. */
    private static final Map<String, String> BAD = Map.of(
            "torn", "forecaster.onnx",
            "corrupt", "forecaster.onnx",
            "wrong-golden", "golden answer 0 of the forecaster",
            "neighbourly", "golden answers of the forecaster, in a batch of ",
            "fragile", "hostile series: the answer to huge values has the 0.1 quantile NaN in week 1",
            "unknown-format-version", "format_version",
            "wrong-signature", "has_image",
            "no-manifest", "manifest.json");

    @TempDir
    private Path folder;

    @Test
    void keepsTheOldVersionAndSaysWhy() throws Exception {
        try (TestServer testServer = TestServer.of(folder, "good")) {
            int live = live(testServer);
            int number = 10;
            for (Map.Entry<String, String> bad : BAD.entrySet()) {
                int version = number++;
                TestServer.addVersion(folder, bad.getKey(), 1, version);
                TestServer.point(folder, version);

                TestServer.until(
                        bad.getKey() + " has failed",
                        () -> "failed".equals(testServer.version(version).getString("state")));

                assertThat(testServer.version(version).getString("reason")).contains(bad.getValue());
                assertThat(live(testServer)).isEqualTo(live);
                assertThat(testServer.get("/v1/forecasts?hashtags=cargo").statusCode())
                        .isEqualTo(200);
            }
            assertThat(testServer.admin("/metrics").body())
                    .contains("model_swap_total{outcome=\"failed\"} " + BAD.size() + ".0");
        }
    }

    @Test
    void startsWithTheGreatestOlderVersionThatPasses() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        TestServer.addVersion(folder, "wrong-golden", 1, 3);
        TestServer.addVersion(folder, "torn", 1, 4);
        TestServer.point(folder, 4);

        try (TestServer testServer = TestServer.over(folder)) {
            JsonObject model = new JsonObject(testServer.admin("/models").body())
                    .getJsonArray("models")
                    .getJsonObject(0);

            assertThat(testServer.server().ready()).isTrue();
            assertThat(model.getString("wished")).isEqualTo("4");
            assertThat(model.getString("live")).isEqualTo("2");
            assertThat(testServer.version(4).getString("reason")).contains("forecaster.onnx");
            assertThat(testServer.version(3).getString("reason")).contains("golden");
        }
    }

    @Test
    void triesAgainWhenTheFilesOfTheWishedVersionChange() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        Path graph = folder.resolve("store/trend/versions/2/forecaster.onnx");
        Path aside = folder.resolve("aside.onnx");
        Files.move(graph, aside);
        TestServer.point(folder, 2);

        try (TestServer testServer = TestServer.over(folder)) {
            assertThat(live(testServer)).isEqualTo(1);

            Files.move(aside, graph);

            TestServer.until("version 2 is live", () -> live(testServer) == 2);
        }
    }

    @Test
    void isNotReadyWithoutAModelAndBecomesReadyWhenOneAppears() throws Exception {
        Files.createDirectories(folder.resolve("store"));

        try (TestServer testServer = TestServer.over(folder)) {
            assertThat(testServer.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(testServer.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(testServer.get("/v1/forecasts?hashtags=cargo").statusCode())
                    .isEqualTo(503);

            TestServer.addVersion(folder, "good", 1, 1);
            TestServer.point(folder, 1);

            TestServer.until("ready", () -> testServer.get("/health/ready").statusCode() == 200);
            assertThat(testServer.get("/v1/forecasts?hashtags=cargo").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void keepsOutAVersionThatCannotReadTheStoredEmbeddingsWhileAnotherOneIsLive() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        ServerConfig config = TestServer.config(folder);
        Snapshots.write(config.features().snapshot(), """
                {"trend":"cargo","market":"us","last_week":"2026-11-16","features_as_of":"2026-11-22T00:00:00Z",\
                "volume":[2,3],"image_embedding":[1,2,3,4,5,6,7,8],"encoder_digest":"%s"}""".formatted("ab".repeat(32)));

        try (TestServer testServer = TestServer.with(folder, config)) {
            assertThat(live(testServer)).isEqualTo(1);

            TestServer.point(folder, 2);

            TestServer.until(
                    "version 2 has failed",
                    () -> "failed".equals(testServer.version(2).getString("state")));
            assertThat(testServer.version(2).getString("reason"))
                    .startsWith("1 of 1 stored embeddings are of another image encoder");
            assertThat(live(testServer)).isEqualTo(1);
            assertThat(testServer.admin("/metrics").body()).contains("features_embedding_mismatch_ratio 1.0");
        }
    }

    @Test
    void keepsOutAVersionThatIsFarSlowerThanTheLiveOne() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        TestServer.addVersion(folder, "slow", 1, 3);
        ServerConfig config = TestServer.config(
                folder,
                new StoreConfig.Gate(Duration.ofNanos(500_000)),
                StoreConfig.Canary.defaults(),
                StoreConfig.Shadow.defaults());

        try (TestServer testServer = TestServer.with(folder, config)) {
            TestServer.point(folder, 3);

            TestServer.until(
                    "version 3 has failed",
                    () -> "failed".equals(testServer.version(3).getString("state")));
            assertThat(testServer.version(3).getString("reason"))
                    .startsWith("too slow: ")
                    .contains("over store.gate.max-latency of 0.500 ms");
            assertThat(live(testServer)).isEqualTo(1);
        }
    }

    private static int live(TestServer testServer) {
        return Objects.requireNonNull(testServer.server().models().slot().live())
                .version();
    }
}
