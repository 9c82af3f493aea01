package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.telemetry.AccessLog.AccessLogConfig;
import io.hemline.serving.telemetry.Telemetry.MetricsConfig;
import io.hemline.serving.telemetry.Traces.TracesConfig;
import io.hemline.serving.telemetry.testing.OtlpReceiver;
import io.hemline.serving.telemetry.testing.OtlpReceiver.ReceivedSpan;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics, access log and traces of a whole server. */
class TelemetryTest {

    private static final String SERIES = """
            {"items": [{"id": "secret-sku", "series": [1, 2, 3, 4, 5], "last_week": "2026-11-16"}]}""";

    @TempDir
    Path folder;

    @Test
    void reportsARequestConsistentlyInResponseLogAndTrace() throws Exception {
        Path log = folder.resolve("access.log");
        HttpResponse<String> answer;
        List<ReceivedSpan> spans;
        try (OtlpReceiver receiver = OtlpReceiver.open()) {
            try (TestServer testServer = start(
                    new MetricsConfig(true),
                    new AccessLogConfig(log.toString(), 100),
                    new TracesConfig(receiver.endpoint(), 1, "hemline", 100))) {
                answer = testServer.post("/v1/forecasts", SERIES);
            }
            spans = receiver.spans();
        }

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonObject line = new JsonObject(Files.readString(log));
        assertThat(line.getString("request_id"))
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(line.getInteger("bytes")).isEqualTo(answer.body().length());
        assertThat(line.getString("cache")).isEqualTo("miss");
        assertThat(line.encode()).doesNotContain("secret-sku");
        assertThat(spans).extracting(ReceivedSpan::traceId).containsOnly(line.getString("trace_id"));
        assertThat(spans)
                .extracting(ReceivedSpan::name)
                .containsExactlyInAnyOrder("read", "cache", "features", "queue", "run", "write", "POST /v1/forecasts");
        ReceivedSpan request = spans.get(spans.size() - 1);
        assertThat(spans.subList(0, spans.size() - 1)).allSatisfy(stage -> {
            assertThat(stage.parentId()).isEqualTo(request.spanId());
            assertThat(stage.start()).isBetween(request.start(), stage.end());
            assertThat(stage.end()).isLessThanOrEqualTo(request.end());
        });
    }

    @Test
    void recordsTheStages() throws Exception {
        try (TestServer testServer =
                start(MetricsConfig.defaults(), AccessLogConfig.defaults(), TracesConfig.defaults())) {
            testServer.post("/v1/forecasts", SERIES);

            TestServer.until(
                    "the stages are recorded",
                    () -> testServer.admin("/metrics").body().contains("_count{stage=\"write\"} 1"));
            assertThat(testServer.admin("/metrics").body())
                    .contains("forecast_stage_duration_seconds_count{stage=\"read\"} 1")
                    .contains("forecast_stage_duration_seconds_count{stage=\"cache\"} 1")
                    .contains("forecast_stage_duration_seconds_count{stage=\"features\"} 1")
                    .contains("forecast_stage_duration_seconds_count{stage=\"queue\"} 1")
                    .contains("forecast_stage_duration_seconds_count{stage=\"run\"} 1");
        }
    }

    @Test
    void hasNoMetricsWhenDisabled() throws Exception {
        try (TestServer testServer =
                start(new MetricsConfig(false), AccessLogConfig.defaults(), TracesConfig.defaults())) {
            HttpResponse<String> answer = testServer.post("/v1/forecasts", SERIES);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(testServer.admin("/metrics").statusCode()).isEqualTo(200);
            assertThat(testServer.admin("/metrics").body()).isEmpty();
        }
    }

    private TestServer start(MetricsConfig metrics, AccessLogConfig log, TracesConfig traces) throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        return TestServer.with(
                folder,
                changed(TestServer.config(folder), Map.of("metrics", metrics, "accessLog", log, "traces", traces)));
    }
}
