package io.hemline.serving.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.Stages;
import io.hemline.serving.http.RequestListener.CompletedRequest;
import io.hemline.serving.http.TraceContext;
import io.hemline.serving.telemetry.AccessLog.AccessLogConfig;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-16T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void writesOneLineOfJsonPerRequest() throws Exception {
        Path file = folder.resolve("access.log");

        try (AccessLog log = open(file, 10)) {
            log.completed(request("/predict", "id-1"));
        }

        assertThat(Files.readString(file)).isEqualTo("""
                        {"time":"2026-11-16T11:59:59.998500Z","method":"GET","route":"/predict","path":"/predict",\
                        "status":200,"duration_us":1500,"bytes":97,"cache":"hit","client":"shop","request_id":"id-1",\
                        "trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}
                        """);
    }

    @Test
    void escapesAndTruncatesThePath() throws Exception {
        Path file = folder.resolve("access.log");
        String path = "/\"\n{\u0000" + "x".repeat(10_000);

        try (AccessLog log = open(file, 10)) {
            log.completed(request(path, "id-1"));
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1);
        assertThat(new JsonObject(lines.get(0)).getString("path"))
                .startsWith("/\"\n{\u0000xxx")
                .hasSizeLessThan(600);
    }

    @Test
    void writesTheQueuedLinesBeforeItCloses() throws Exception {
        Path file = folder.resolve("access.log");

        try (AccessLog log = open(file, 5000)) {
            IntStream.range(0, 5000).forEach(i -> log.completed(request("/predict", "id-" + i)));
        }

        assertThat(Files.readAllLines(file)).hasSize(5000).last().asString().contains("id-4999");
    }

    @Test
    void countsLinesThatOverflowTheQueueAndWritesTheOthers() throws Exception {
        Path file = folder.resolve("access.log");
        int requests = 20_000;

        try (AccessLog log = open(file, 1)) {
            IntStream.range(0, requests).forEach(i -> log.completed(request("/predict", "id-" + i)));
        }

        double dropped =
                meters.get("access.log.dropped").tag("reason", "full").counter().count();
        assertThat(dropped).isPositive();
        assertThat(Files.readAllLines(file)).hasSize(requests - (int) dropped);
    }

    @Test
    void countsALineThatCannotBeEncodedAndWritesTheNext() throws Exception {
        Path file = folder.resolve("access.log");
        SettableClock clock = new SettableClock();

        try (AccessLog log = open(file, 10, clock)) {
            // The start of the request would be before the earliest Instant.
            clock.now = Instant.MIN;
            log.completed(request("/predict", "bad"));
            clock.now = NOON.instant();
            log.completed(request("/predict", "good"));
        }

        assertThat(Files.readAllLines(file)).singleElement().asString().contains("good");
        assertThat(meters.get("access.log.dropped")
                        .tag("reason", "failed")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void createsTheFileAgainAfterItWasMoved() throws Exception {
        Path file = folder.resolve("access.log");
        Path old = folder.resolve("access.log.1");

        try (AccessLog log = open(file, 10)) {
            log.completed(request("/predict", "before"));
            TestServer.until("the first line is written", () -> size(file) > 0);
            Files.move(file, old);
            TestServer.until("there is a new file", () -> Files.exists(file));
            log.completed(request("/predict", "after"));
        }

        assertThat(Files.readString(old)).contains("before").doesNotContain("after");
        assertThat(Files.readString(file)).contains("after");
    }

    @Test
    void namesTheFileThatCannotBeOpened() {
        Path missing = folder.resolve("none/access.log");

        assertThatThrownBy(() -> open(missing, 10))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("access-log.to: " + missing + " cannot be written");
    }

    private AccessLog open(Path file, int maxQueue) {
        return open(file, maxQueue, NOON);
    }

    private AccessLog open(Path file, int maxQueue, Clock clock) {
        return AccessLog.open(new AccessLogConfig(file.toString(), maxQueue), clock, meters)
                .orElseThrow();
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static CompletedRequest request(String path, String id) {
        TraceContext trace = new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", null, false);
        return new CompletedRequest(
                "GET", "/predict", path, 200, 97, "hit", "shop", id, trace, 0, 1_500_000, Stages.NONE);
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
