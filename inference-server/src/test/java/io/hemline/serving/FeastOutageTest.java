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
            try (TestServer house = house(postgres)) {
                assertThat(stale(house)).isFalse();
                List<HttpResponse<String>> answers = new CopyOnWriteArrayList<>();
                AtomicBoolean enough = new AtomicBoolean();
                Thread asking = asking(house, answers, enough);

                postgres.kill();
                TestServer.until("answers are stale", () -> stale(house));
                assertThat(house.get(KNOWN).body()).contains("\"features_as_of\":\"2026-11-23T00:00:00Z\"");
                assertThat(house.get(UNKNOWN).statusCode()).isEqualTo(503);
                assertThat(house.server().ready()).isTrue();
                postgres.restart();
                TestServer.until("answers are fresh again", () -> !stale(house));
                enough.set(true);
                asking.join();

                assertThat(house.get(UNKNOWN).statusCode()).isEqualTo(404);
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
            try (TestServer house = house(postgres)) {
                assertThat(house.server().ready()).isTrue();
                assertThat(house.get(KNOWN).statusCode()).isEqualTo(503);
                HttpResponse<String> unread = house.get("/predict?hashtags=wideleg&market=mars");
                assertThat(unread.statusCode()).as(unread.body()).isEqualTo(503);
                assertThat(unread.headers().firstValue("Retry-After")).hasValue("1");

                postgres.restart();

                TestServer.until("the trend is known", () -> house.get(KNOWN).statusCode() == 200);
                TestServer.until(
                        "the markets are known",
                        () -> house.get("/predict?hashtags=wideleg&market=mars").statusCode() == 422);
                TestServer.until(
                        "the trends are scored", () -> house.get("/v1/trends").statusCode() == 200);
                assertThat(house.get("/v1/trends").body()).contains("áo dài", "\"market\":\"br\"");
                assertThat(house.admin("/metrics").body())
                        .contains(
                                "features_age_seconds ",
                                "features_errors_total{kind=\"failed\"}",
                                "stage=\"postgres\"");
            }
        }
    }

    private static boolean stale(TestServer house) {
        return house.get(KNOWN).body().contains("\"stale\":true");
    }

    private TestServer house(Postgres postgres) throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        FeaturesConfig feast =
                new FeaturesConfig(Source.FEAST, folder.resolve("none"), postgres.config(Duration.ofMillis(50)));
        CacheConfig none = new CacheConfig(Duration.ZERO, 0, 0);
        return TestServer.with(folder, changed(TestServer.config(folder), Map.of("features", feast, "cache", none)));
    }

    private static Thread asking(TestServer house, List<HttpResponse<String>> answers, AtomicBoolean enough) {
        Thread asking = new Thread(() -> {
            while (!enough.get()) {
                answers.add(house.get(KNOWN));
            }
        });
        asking.start();
        return asking;
    }
}
