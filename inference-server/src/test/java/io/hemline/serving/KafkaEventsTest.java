package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.WarmUp.WarmUpConfig;
import io.hemline.serving.cache.VersionCaches.CacheConfig;
import io.hemline.serving.messaging.EventsConfig;
import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import io.hemline.serving.messaging.testing.EventSchema;
import io.hemline.serving.testing.KafkaBroker;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers and a real Kafka broker, which is killed and brought back. */
class KafkaEventsTest {

    private static final String UPDATES = "features-updated";
    private static final String SERVED = "forecasts-served";
    private static final String WIDELEG_VN = "/v1/forecasts?hashtags=wideleg&market=vn";
    private static final String WIDELEG_US = "/v1/forecasts?hashtags=wideleg&market=us";
    private static final String WIDELEG = "/v1/forecasts?hashtags=wideleg";
    private static final String CARGO_US = "/v1/forecasts?hashtags=cargo&market=us";
    private static final String WIDELEG_CHANGED =
            "{\"market\":\"vn\",\"trends\":[\"wideleg\"],\"features_as_of\":\"2026-11-24T00:00:00Z\"}";

    @TempDir
    private Path folder;

    private KafkaBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = KafkaBroker.start(folder.resolve("kafka"));
        broker.makeTopics(UPDATES, SERVED);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aChangeEvictsExactlyTheTrendsItNamesAtEveryServer() throws Exception {
        try (TestServer one = startServer("one", config("one"));
                TestServer other = startServer("other", config("other"))) {
            for (TestServer testServer : List.of(one, other)) {
                List.of(WIDELEG_VN, WIDELEG_US, WIDELEG, CARGO_US).forEach(testServer::get);
            }

            broker.tell(UPDATES, "no JSON");
            broker.tell(UPDATES, "{\"market\":\"vn\"}");
            broker.tell(UPDATES, "{\"trends\":[]}");
            broker.tell(UPDATES, WIDELEG_CHANGED);
            TestServer.until("both applied it", () -> heard(one, "applied") == 1 && heard(other, "applied") == 1);
            TestServer.until("all was read", () -> heard(one, "invalid") == 2 && heard(other, "not-json") == 1);

            for (TestServer testServer : List.of(one, other)) {
                assertThat(isHit(testServer, WIDELEG_US)).isTrue();
                assertThat(isHit(testServer, CARGO_US)).isTrue();
                assertThat(isHit(testServer, WIDELEG_VN)).isFalse();
                assertThat(isHit(testServer, WIDELEG)).isFalse();
            }
        }
    }

    @Test
    void tellsOfEveryComputedForecastOfAKnownTrendOnceAndOfNothingElse() throws Exception {
        TestServer.copy(Path.of("../model-store/demo/store"), folder.resolve("one/store"));
        TestServer.point(folder.resolve("one"), 1);
        ServerConfig config = config("one", CacheConfig.defaults(), Duration.ofMillis(300));
        try (TestServer testServer = TestServer.with(folder.resolve("one"), config)) {
            testServer.get(WIDELEG_VN);
            assertThat(isHit(testServer, WIDELEG_VN)).isTrue();
            testServer.get("/predict?hashtags=cargo,wideleg&market=us");
            testServer.post("/v1/forecasts", "{\"items\":[{\"series\":[1,2,3],\"last_week\":\"2026-11-16\"}]}");
            testServer.get("/v1/forecasts?hashtags=nobody");
            TestServer.point(folder.resolve("one"), 2);
            TestServer.until("the new version is live", () -> isLive(testServer, 2));
            assertThat(isHit(testServer, WIDELEG_VN)).isTrue();
            TestServer.until(
                    "the trends are scored", () -> testServer.get("/v1/trends").statusCode() == 200);
            broker.tell(UPDATES, WIDELEG_CHANGED);
            TestServer.until("it is applied", () -> heard(testServer, "applied") == 1);
            testServer.get(WIDELEG_VN);
            TestServer.until("all are sent", () -> served(testServer, "sent") == 4);
        }

        List<String> published = broker.published(SERVED);

        EventSchema schema = EventSchema.of(SERVED);
        assertThat(published)
                .allSatisfy(event -> assertThat(schema.violations(event)).isEmpty());
        assertThat(published.stream().map(JsonObject::new).map(KafkaEventsTest::summary))
                .containsExactlyInAnyOrder("wideleg vn 1", "cargo us 1", "wideleg us 1", "wideleg vn 2");
    }

    @Test
    void startsWithoutABrokerAndHearsAndTellsOnceThereIsOne() throws Exception {
        broker.kill();
        try (TestServer testServer = startServer("one", config("one"))) {
            assertThat(testServer.server().ready()).isTrue();
            assertThat(testServer.get(WIDELEG_VN).statusCode()).isEqualTo(200);

            broker.restart();
            broker.tell(UPDATES, WIDELEG_CHANGED);

            TestServer.until("it is applied", () -> heard(testServer, "applied") == 1);
            assertThat(isHit(testServer, WIDELEG_VN)).isFalse();
            TestServer.until(
                    "both are published", () -> served(testServer, "sent") + served(testServer, "undelivered") == 2);
            assertThat(broker.published(SERVED)).hasSizeGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void losesNothingButCountedEventsWhileTheBrokerIsKilledUnderLoadAndBroughtBack() throws Exception {
        int buffer = 50;
        ServerConfig keepingNothing = changed(
                config("one", new CacheConfig(Duration.ZERO, 0, 0), Duration.ZERO), Map.of("events", events(buffer)));
        try (TestServer testServer = startServer("one", keepingNothing)) {
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            List<Thread> load = List.of(
                    asking(testServer, WIDELEG_VN, enough, answered, failed),
                    asking(testServer, CARGO_US, enough, answered, failed));

            TestServer.until("events are sent", () -> served(testServer, "sent") > 10);
            broker.kill();
            TestServer.until("events are dropped", () -> served(testServer, "full") > 10);
            double sentBefore = served(testServer, "sent");
            broker.restart();
            TestServer.until("events are sent again", () -> served(testServer, "sent") > sentBefore + 2 * buffer);
            enough.set(true);
            for (Thread thread : load) {
                thread.join();
            }
            TestServer.until(
                    "none waits", () -> testServer.admin("/metrics").body().contains("events_served_waiting 0.0"));
            broker.tell(UPDATES, WIDELEG_CHANGED);
            TestServer.until("changes are heard again", () -> heard(testServer, "applied") == 1);

            double sent = served(testServer, "sent");
            double undelivered = served(testServer, "undelivered");
            List<String> ids = broker.published(SERVED).stream()
                    .map(event -> new JsonObject(event).getString("id"))
                    .toList();
            assertThat(failed).hasValue(0);
            assertThat(sent + undelivered + served(testServer, "full")).isEqualTo(answered.get());
            assertThat(ids).doesNotHaveDuplicates();
            assertThat((double) ids.size()).isBetween(sent, sent + undelivered);
        }
    }

    private TestServer startServer(String name, ServerConfig config) throws Exception {
        TestServer.copy(
                Path.of("../model-store/fixtures/store/good"),
                folder.resolve(name).resolve("store"));
        return TestServer.with(folder.resolve(name), config);
    }

    private ServerConfig config(String name) throws Exception {
        return config(name, CacheConfig.defaults(), Duration.ZERO);
    }

    private ServerConfig config(String name, CacheConfig cache, Duration warmUp) throws Exception {
        ServerConfig given = TestServer.config(Files.createDirectories(folder.resolve(name)));
        return changed(given, Map.of("cache", cache, "warmUp", new WarmUpConfig(warmUp), "events", events(1000)));
    }

    private EventsConfig events(int buffer) {
        return new EventsConfig(new KafkaConfig(broker.bootstrapServers(), Path.of(""), buffer));
    }

    private static Thread asking(
            TestServer testServer, String path, AtomicBoolean enough, AtomicInteger answered, AtomicInteger failed) {
        // With pauses, so that a broker that starts gets its share of a small machine.
        Thread thread = new Thread(() -> {
            for (; !enough.get(); LockSupport.parkNanos(1_000_000)) {
                (testServer.get(path).statusCode() == 200 ? answered : failed).incrementAndGet();
            }
        });
        thread.start();
        return thread;
    }

    private static boolean isHit(TestServer testServer, String path) {
        return testServer
                .get(path)
                .headers()
                .firstValue("Cache-Status")
                .orElse("")
                .contains("; hit");
    }

    private static boolean isLive(TestServer testServer, int version) {
        return testServer.server().models().settled().contains(version);
    }

    private static double heard(TestServer testServer, String outcome) {
        return metric(testServer, "events_received_total{outcome=\"" + outcome + "\",topic=\"" + UPDATES + "\"} ");
    }

    private static double served(TestServer testServer, String outcome) {
        return metric(testServer, "events_served_total{outcome=\"" + outcome + "\"} ");
    }

    private static double metric(TestServer testServer, String name) {
        return testServer
                .admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElse(-1);
    }

    private static String summary(JsonObject event) {
        return event.getString("hashtag") + " " + event.getString("market") + " "
                + event.getJsonObject("model").getString("version");
    }
}
