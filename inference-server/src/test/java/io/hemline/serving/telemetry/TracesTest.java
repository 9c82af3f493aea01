package io.hemline.serving.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Stages;
import io.hemline.serving.core.Stages.Stage;
import io.hemline.serving.http.RequestListener.CompletedRequest;
import io.hemline.serving.http.TraceContext;
import io.hemline.serving.telemetry.Traces.TracesConfig;
import io.hemline.serving.telemetry.testing.OtlpReceiver;
import io.hemline.serving.telemetry.testing.OtlpReceiver.ReceivedSpan;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TracesTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final TraceContext OWN = new TraceContext(TRACE, null, false);
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-16T12:00:00Z"), ZoneOffset.UTC);
    private static final long NOON_NANOS = NOON.millis() * 1_000_000;

    private OtlpReceiver receiver;

    @BeforeEach
    void open() throws IOException {
        receiver = OtlpReceiver.open();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void exportsASpanOfTheRequestAndOneOfEachStage() {
        Stages stages = new Stages();
        stages.passed(Stage.READ, 1000, 1400);
        stages.passed(Stage.RUN, 2000, 5000);

        export(1, request(200, OWN, stages));

        assertThat(receiver.spans()).extracting(ReceivedSpan::name).containsExactly("read", "run", "POST /predict");
        ReceivedSpan request = receiver.spans().get(2);
        assertThat(request.traceId()).isEqualTo(TRACE);
        assertThat(request.parentId()).isEmpty();
        assertThat(request.start()).isEqualTo(NOON_NANOS - 9000);
        assertThat(request.end()).isEqualTo(NOON_NANOS);
        assertThat(request.attributes())
                .containsEntry("http.route", "/predict")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("hemline.cache", "miss")
                .containsEntry("hemline.request_id", "id-1");
        assertThat(request.resource()).containsEntry("service.name", "shop").containsEntry("service.version", "7");
        ReceivedSpan run = receiver.spans().get(1);
        assertThat(run.traceId()).isEqualTo(TRACE);
        assertThat(run.parentId()).isEqualTo(request.spanId());
        assertThat(run.start()).isEqualTo(NOON_NANOS - 8000);
        assertThat(run.end()).isEqualTo(NOON_NANOS - 5000);
    }

    @Test
    void continuesTheTraceOfTheCaller() {
        export(0, request(200, new TraceContext(TRACE, SPAN, true), Stages.NONE));

        assertThat(receiver.spans()).hasSize(1);
        assertThat(receiver.spans().get(0).traceId()).isEqualTo(TRACE);
        assertThat(receiver.spans().get(0).parentId()).isEqualTo(SPAN);
    }

    @Test
    void exportsNothingIfTheCallerDoesNotSample() {
        export(1, request(200, new TraceContext(TRACE, SPAN, false), Stages.NONE));

        assertThat(receiver.spans()).isEmpty();
    }

    @Test
    void exportsNothingAtASampleRatioOfZero() {
        export(0, request(200, OWN, Stages.NONE));

        assertThat(receiver.spans()).isEmpty();
    }

    @Test
    void dropsNothingOfABurstThatFitsItsQueue() {
        CompletedRequest[] burst = IntStream.range(0, 2000)
                .mapToObj(i -> request(200, OWN, Stages.NONE))
                .toArray(CompletedRequest[]::new);

        export(1, burst);

        assertThat(receiver.spans()).hasSize(2000);
    }

    @Test
    void doesNotBlockWhenTheReceiverIsDown() {
        String closed = receiver.endpoint();
        receiver.close();
        TracesConfig config = new TracesConfig(closed, 1, "shop", 16);

        try (Traces traces = Traces.open(config, "7", NOON).orElseThrow()) {
            for (int i = 0; i < 1000; i++) {
                traces.completed(request(200, OWN, Stages.NONE));
            }
        }

        assertThat(receiver.spans()).isEmpty();
    }

    private void export(double sample, CompletedRequest... requests) {
        TracesConfig config = new TracesConfig(receiver.endpoint(), sample, "shop", 4096);
        try (Traces traces = Traces.open(config, "7", NOON).orElseThrow()) {
            List.of(requests).forEach(traces::completed);
        }
    }

    private static CompletedRequest request(int status, TraceContext trace, Stages stages) {
        return new CompletedRequest(
                "POST", "/predict", "/predict", status, 97, "miss", "anyone", "id-1", trace, 1000, 9000, stages);
    }
}
