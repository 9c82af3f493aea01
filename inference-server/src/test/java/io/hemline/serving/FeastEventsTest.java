package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.features.FeaturesConfig.Source;
import io.hemline.serving.messaging.EventsConfig;
import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import io.hemline.serving.testing.KafkaBroker;
import io.hemline.serving.testing.Postgres;
import io.hemline.serving.testing.TestServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server with PostgreSQL and Kafka: new features are answered as soon as their event is consumed of, and not before. */
class FeastEventsTest {

    private static final String UPDATES = "features-updated";
    private static final String WIDELEG = "/v1/forecasts?hashtags=wideleg&market=vn";
    private static final String CHANGED = "{\"market\":\"vn\",\"trends\":[\"wideleg\"],\"features_as_of\":\"%s\"}";

    @TempDir
    private Path folder;

    @Test
    void anEventBringsNewFeaturesAndWithoutPostgresStaleAnswersUntilItIsBack() throws Exception {
        try (Postgres postgres = Postgres.start(folder);
                KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"))) {
            postgres.putFeastRows();
            broker.makeTopics(UPDATES, "forecasts-served");
            try (TestServer testServer = startServer(postgres, broker)) {
                assertThat(asOf(testServer, "2026-11-23T00:00:00Z")).isTrue();

                write(postgres, "2026-11-24T00:00:00Z");
                assertThat(asOf(testServer, "2026-11-23T00:00:00Z")).isTrue();
                double age = age(testServer);
                broker.tell(UPDATES, CHANGED.formatted("2026-11-24T00:00:00Z"));
                TestServer.until("the new features are answered", () -> asOf(testServer, "2026-11-24T00:00:00Z"));
                TestServer.until("the features are younger", () -> age(testServer) < age);

                write(postgres, "2026-11-25T00:00:00Z");
                postgres.kill();
                assertThat(stale(testServer)).isFalse();
                broker.tell(UPDATES, CHANGED.formatted("2026-11-25T00:00:00Z"));
                TestServer.until("answers are stale", () -> stale(testServer));
                assertThat(asOf(testServer, "2026-11-24T00:00:00Z")).isTrue();
                postgres.restart();
                TestServer.until("the newest features are answered", () -> asOf(testServer, "2026-11-25T00:00:00Z"));
                assertThat(stale(testServer)).isFalse();
            }
        }
    }

    private TestServer startServer(Postgres postgres, KafkaBroker broker) throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        FeaturesConfig feast =
                new FeaturesConfig(Source.FEAST, folder.resolve("none"), postgres.config(Duration.ofHours(1)));
        EventsConfig events = new EventsConfig(new KafkaConfig(broker.bootstrapServers(), Path.of(""), 1000));
        return TestServer.with(folder, changed(TestServer.config(folder), Map.of("features", feast, "events", events)));
    }

    /** As if Feast had written the trend's features anew. */
    private static void write(Postgres postgres, String asOf) throws SQLException {
        postgres.run("update hemline_trend_features set event_ts = '" + asOf
                + "' where encode(entity_key, 'escape') like '%vn%wideleg%'");
    }

    private static boolean asOf(TestServer testServer, String asOf) {
        return testServer.get(WIDELEG).body().contains("\"features_as_of\":\"" + asOf + "\"");
    }

    private static boolean stale(TestServer testServer) {
        return testServer.get(WIDELEG).body().contains("\"stale\":true");
    }

    private static double age(TestServer testServer) {
        String name = "features_age_seconds ";
        return testServer
                .admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }
}
