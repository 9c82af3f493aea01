package io.hemline.importer.feast;

import static io.hemline.importer.feast.Trends.trend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.serving.Server;
import io.hemline.serving.ServerConfig;
import io.hemline.serving.config.ConfigLayer;
import io.hemline.serving.config.ConfigReader;
import io.hemline.serving.features.PostgresConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The importer writes, a whole server answers: real PostgreSQL, real Kafka. */
class FeastToServerTest {

    private static final String UPDATES = "features-updated";
    private static final String OLD = "2026-11-23T00:00:00Z";
    private static final String NEW = "2026-11-24T00:00:00Z";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Ledger ledger = new Ledger();

    @Test
    void aRunningServerAnswersWithNewFeaturesWithinFiveSeconds() throws Exception {
        try (Postgres postgres = Postgres.start(folder);
                KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"))) {
            refusesABrokerWithoutTheTopic(postgres, broker);
            broker.makeTopics(UPDATES, "forecasts-served");
            try (FeastStore store = FeastStore.open(
                    postgres.config(),
                    broker.config(settings("request.timeout.ms=900\ndelivery.timeout.ms=1000\n")),
                    ledger)) {
                store.write(List.of(trend("wideleg", "vn", OLD, 1, 2, 3, 4)));

                try (Server server = Server.start(config(postgres.config(), broker))) {
                    answersWithinFiveSeconds(server, store);
                }

                assertThat(broker.published(UPDATES)).hasSize(4);
                keepsItsRowsWithoutABroker(store, broker);
            }
        }
    }

    private void refusesABrokerWithoutTheTopic(Postgres postgres, KafkaBroker broker) throws IOException {
        Path file = settings("max.block.ms=500\n");

        assertThatThrownBy(() -> FeastStore.open(postgres.config(), broker.config(file), ledger))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("create the topic features-updated");
    }

    /** The file of further settings, which could also have TLS and SASL. */
    private Path settings(String content) throws IOException {
        return Files.writeString(folder.resolve("kafka.properties"), content);
    }

    private void answersWithinFiveSeconds(Server server, FeastStore store) throws InterruptedException {
        assertThat(forecast(server, "wideleg", "vn").body()).contains(OLD);
        assertThat(forecast(server, "cargo", "vn").statusCode()).isEqualTo(404);
        assertThat(forecast(server, "cargo", "fr").statusCode()).isEqualTo(422);

        int written = store.write(List.of(
                trend("wideleg", "vn", NEW, 5, 6, 7, 8),
                trend("cargo", "vn", NEW, 1, 2),
                trend("cargo", "fr", NEW, 3)));

        assertThat(written).isEqualTo(3);
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        answersUntil(end, server, "wideleg", "vn");
        answersUntil(end, server, "cargo", "vn");
        answersUntil(end, server, "cargo", "fr");
        assertThat(ledger.applied()).containsOnlyKeys(Rule.STORE_TABLE_MADE);

        store.write(List.of(trend("wideleg", "vn", OLD, 9), trend("cargo", "fr", NEW, 4)));
        assertThat(ledger.applied()).containsOnlyKeys(Rule.STORE_TABLE_MADE, Rule.NEWER_IN_STORE);
    }

    private void keepsItsRowsWithoutABroker(FeastStore store, KafkaBroker broker) {
        broker.close();

        int written = store.write(List.of(trend("cargo", "fr", NEW, 5)));

        assertThat(written).isEqualTo(1);
        assertThat(store.read(List.of(new SeriesKey("fr", "cargo"))).get(0).volume())
                .containsExactly(5);
        assertThat(ledger.findings(Rule.SERVERS_NOT_TOLD))
                .singleElement()
                .satisfies(finding -> assertThat(finding.detail()).startsWith("Kafka at 127.0.0.1:"));
    }

    private void answersUntil(long end, Server server, String hashtag, String market) throws InterruptedException {
        while (!forecast(server, hashtag, market).body().contains("\"features_as_of\":\"" + NEW + "\"")) {
            assertThat(System.nanoTime())
                    .as("%s in %s within five seconds", hashtag, market)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    private HttpResponse<String> forecast(Server server, String hashtag, String market) {
        URI url = URI.create(
                "http://127.0.0.1:" + server.port() + "/v1/forecasts?hashtags=" + hashtag + "&market=" + market);
        try {
            return client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServerConfig config(PostgresConfig postgres, KafkaBroker broker) {
        return ConfigReader.read(
                ServerConfig.defaults(),
                List.of(new ConfigLayer(
                        "test",
                        Map.ofEntries(
                                Map.entry("http.port", "0"),
                                Map.entry("admin.port", "0"),
                                Map.entry("grpc.port", "-1"),
                                Map.entry("store.url", "../../model-store/fixtures/store/good"),
                                Map.entry("warm-up.budget", "0s"),
                                Map.entry("batch.calibration", "20ms"),
                                Map.entry("cache.ttl", "1h"),
                                Map.entry("features.source", "feast"),
                                Map.entry(
                                        "features.postgres.url", postgres.url().toString()),
                                Map.entry("features.postgres.user", postgres.user()),
                                Map.entry(
                                        "features.postgres.password",
                                        postgres.password().reveal()),
                                Map.entry("features.postgres.timeout", "10s"),
                                Map.entry("features.postgres.refresh", "1h"),
                                Map.entry(
                                        "events.kafka.bootstrap-servers",
                                        broker.config().bootstrapServers())))));
    }
}
