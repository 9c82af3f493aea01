package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.cache.VersionCaches.CacheConfig;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.features.FeaturesConfig.Source;
import io.hemline.serving.testing.Postgres;
import io.hemline.serving.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose PostgreSQL is killed and brought back. */
class FeastOutageTest {

    private static final String KNOWN = "/v1/forecasts?hashtags=wideleg&market=vn";
    private static final String UNKNOWN = "/v1/forecasts?hashtags=nobody&market=vn";

    @TempDir
    private Path folder;

    @Test
    void losesNoQuestionAboutAKnownTrendWhilePostgresIsKilledAndBroughtBack() throws Exception {
        try (Postgres postgres = Postgres.start(folder)) {
            postgres.putFeastRows();
            try (TestServer testServer = startServer(postgres)) {
                assertThat(stale(testServer)).isFalse();
                List<HttpResponse<String>> answers = new CopyOnWriteArrayList<>();
                AtomicBoolean enough = new AtomicBoolean();
                Thread asking = asking(testServer, answers, enough);

                postgres.kill();
                TestServer.until("answers are stale", () -> stale(testServer));
                assertThat(testServer.get(KNOWN).body()).contains("\"features_as_of\":\"2026-11-23T00:00:00Z\"");
                assertThat(testServer.get(UNKNOWN).statusCode()).isEqualTo(503);
                assertThat(testServer.server().ready()).isTrue();
                postgres.restart();
                TestServer.until("answers are fresh again", () -> !stale(testServer));
                enough.set(true);
                asking.join();

                assertThat(testServer.get(UNKNOWN).statusCode()).isEqualTo(404);
                assertThat(answers)
                        .isNotEmpty()
                        .allSatisfy(answer -> assertThat(answer.statusCode())
                                .as(answer.body())
                                .isEqualTo(200));
            }
        }
    }

    @Test
    void startsWithoutPostgresAndAnswersOnceItIsThere() throws Exception {
        try (Postgres postgres = Postgres.start(folder)) {
            postgres.putFeastRows();
            postgres.kill();
            try (TestServer testServer = startServer(postgres)) {
                assertThat(testServer.server().ready()).isTrue();
                assertThat(testServer.get(KNOWN).statusCode()).isEqualTo(503);
                HttpResponse<String> unread = testServer.get("/predict?hashtags=wideleg&market=mars");
                assertThat(unread.statusCode()).as(unread.body()).isEqualTo(503);
                assertThat(unread.headers().firstValue("Retry-After")).hasValue("1");

                postgres.restart();

                TestServer.until(
                        "the trend is known", () -> testServer.get(KNOWN).statusCode() == 200);
                TestServer.until(
                        "the markets are known",
                        () -> testServer
                                        .get("/predict?hashtags=wideleg&market=mars")
                                        .statusCode()
                                == 422);
                TestServer.until(
                        "the trends are scored",
                        () -> testServer.get("/v1/trends").statusCode() == 200);
                assertThat(testServer.get("/v1/trends").body()).contains("áo dài", "\"market\":\"br\"");
                assertThat(testServer.admin("/metrics").body())
                        .contains(
                                "features_age_seconds ",
                                "features_errors_total{kind=\"failed\"}",
                                "stage=\"postgres\"");
            }
        }
    }

    private static boolean stale(TestServer testServer) {
        return testServer.get(KNOWN).body().contains("\"stale\":true");
    }

    private TestServer startServer(Postgres postgres) throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        FeaturesConfig feast =
                new FeaturesConfig(Source.FEAST, folder.resolve("none"), postgres.config(Duration.ofMillis(50)));
        CacheConfig none = new CacheConfig(Duration.ZERO, 0, 0);
        return TestServer.with(folder, changed(TestServer.config(folder), Map.of("features", feast, "cache", none)));
    }

    private static Thread asking(TestServer testServer, List<HttpResponse<String>> answers, AtomicBoolean enough) {
        Thread asking = new Thread(() -> {
            while (!enough.get()) {
                answers.add(testServer.get(KNOWN));
            }
        });
        asking.start();
        return asking;
    }
}
