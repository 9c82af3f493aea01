package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.CompletedRequest;
import io.hemline.serving.http.RequestListener;
import io.hemline.serving.http.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Makes a span of each request that is traced, with one below it for each stage, and sends them.
 *
 * <p>Thread-safe: its parts are.
 */
public final class Traces implements RequestListener, AutoCloseable {

    /*
     * Spans are made when the request is over, out of the times that its stages noted anyway. So the request path knows
     * nothing of traces, no context is handed from thread to thread, and who sends no traces pays for none. The price: a
     * request that hangs shows when it ends, at its deadline. Spans wait in a bounded queue and are sent by a thread of the
     * SDK; what does not fit is dropped.
     */
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> BYTES = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<String> CACHE = AttributeKey.stringKey("hemline.cache");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("hemline.request_id");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("service.version");
    private static final Duration SEND = Duration.ofSeconds(5);
    private static final Duration GATHER = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 512;
    private static final int SERVER_ERROR = 500;

    private final RequestIds ids = new RequestIds();
    private final Clock clock;
    private final double sample;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private Traces(TracesConfig config, String version, Clock clock) {
        this.clock = requireNonNull(clock, "clock");
        this.sample = config.sample();
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint())
                .setTimeout(SEND)
                .build();
        this.provider = SdkTracerProvider.builder()
                .setIdGenerator(ids)
                .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                .setResource(Resource.builder()
                        .put(SERVICE, config.serviceName())
                        .put(VERSION, version)
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(config.maxQueue())
                        .setMaxExportBatchSize(Math.min(MAX_BATCH, config.maxQueue()))
                        .setScheduleDelay(GATHER)
                        .setExporterTimeout(SEND)
                        .build())
                .build();
        this.tracer = provider.get("io.hemline.serving");
    }

    /** The traces that are configured, if any are. */
    public static Optional<Traces> open(TracesConfig config, String version, Clock clock) {
        return config.on() ? Optional.of(new Traces(config, version, clock)) : Optional.empty();
    }

    @Override
    public void left(CompletedRequest passage) {
        // Decided before anything is made; whether a caller's trace is recorded is the caller's decision.
        if (passage.trace().parentId() == null && ThreadLocalRandom.current().nextDouble() >= sample) {
            return;
        }
        Instant now = clock.instant();
        long end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        // From the clock of the times to that of the spans.
        long epoch = end - (passage.startNanos() + passage.nanos());
        ids.use(passage.trace().traceId());
        Span request = tracer.spanBuilder(passage.method() + " " + passage.route())
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent(passage.trace()))
                .setStartTimestamp(end - passage.nanos(), TimeUnit.NANOSECONDS)
                .startSpan();
        if (request.isRecording()) {
            describe(request, passage);
            Context within = Context.root().with(request);
            passage.stages()
                    .tell((stage, start, stop) -> tracer.spanBuilder(stage.word())
                            .setParent(within)
                            .setStartTimestamp(epoch + start, TimeUnit.NANOSECONDS)
                            .startSpan()
                            .end(epoch + stop, TimeUnit.NANOSECONDS));
        }
        request.end(end, TimeUnit.NANOSECONDS);
    }

    private static Context parent(TraceContext trace) {
        if (trace.parentId() == null) {
            return Context.root();
        }
        TraceFlags flags = trace.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
        SpanContext caller =
                SpanContext.createFromRemoteParent(trace.traceId(), trace.parentId(), flags, TraceState.getDefault());
        return Context.root().with(Span.wrap(caller));
    }

    private static void describe(Span request, CompletedRequest passage) {
        request.setAttribute(METHOD, passage.method());
        request.setAttribute(ROUTE, passage.route());
        request.setAttribute(PATH, passage.path());
        request.setAttribute(STATUS, (long) passage.status());
        request.setAttribute(BYTES, passage.bytes());
        request.setAttribute(REQUEST_ID, passage.requestId());
        if (!passage.cache().isEmpty()) {
            request.setAttribute(CACHE, passage.cache());
        }
        if (passage.status() >= SERVER_ERROR) {
            request.setStatus(StatusCode.ERROR);
        }
    }

    /** Sends what waits, for a few seconds at most. */
    @Override
    public void close() {
        provider.shutdown().join(SEND.toSeconds(), TimeUnit.SECONDS);
    }
}
