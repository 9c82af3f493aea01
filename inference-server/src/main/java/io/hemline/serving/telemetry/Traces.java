package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.RequestListener;
import io.hemline.serving.http.RequestListener.CompletedRequest;
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
import io.opentelemetry.sdk.trace.IdGenerator;
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
 * Exports a span for each sampled request, with a child span for each of its stages.
 *
 * <p>Thread-safe: its parts are.
 */
public final class Traces implements RequestListener, AutoCloseable {

    /*
     * Spans are built when the request is complete, from the stage times that it recorded. So the request path has no
     * dependency on traces and passes no context between threads, and disabled traces cost nothing. The price: a
     * request that hangs is visible only after its deadline. A thread of the SDK exports spans from a bounded queue and
     * drops those that overflow it.
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
    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration EXPORT_DELAY = Duration.ofSeconds(1);
    private static final int MAX_BATCH = 512;
    private static final int SERVER_ERROR = 500;

    private final RequestIdGenerator ids = new RequestIdGenerator();
    private final Clock clock;
    private final double sampleRatio;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private Traces(TracesConfig config, String version, Clock clock) {
        this.clock = requireNonNull(clock, "clock");
        this.sampleRatio = config.sample();
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint())
                .setTimeout(EXPORT_TIMEOUT)
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
                        .setScheduleDelay(EXPORT_DELAY)
                        .setExporterTimeout(EXPORT_TIMEOUT)
                        .build())
                .build();
        this.tracer = provider.get("io.hemline.serving");
    }

    /** Opens the configured export; empty if traces are off. */
    public static Optional<Traces> open(TracesConfig config, String version, Clock clock) {
        return config.on() ? Optional.of(new Traces(config, version, clock)) : Optional.empty();
    }

    @Override
    public void completed(CompletedRequest request) {
        // A caller's traceparent carries its own sampling decision.
        if (request.trace().parentId() == null && ThreadLocalRandom.current().nextDouble() >= sampleRatio) {
            return;
        }
        Instant now = clock.instant();
        long end = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        // Offset from System.nanoTime to nanoseconds since 1970.
        long epochOffset = end - (request.startNanos() + request.nanos());
        ids.setTraceId(request.trace().traceId());
        Span span = tracer.spanBuilder(request.method() + " " + request.route())
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent(request.trace()))
                .setStartTimestamp(end - request.nanos(), TimeUnit.NANOSECONDS)
                .startSpan();
        if (span.isRecording()) {
            setAttributes(span, request);
            Context parent = Context.root().with(span);
            request.stages()
                    .tell((stage, start, stop) -> tracer.spanBuilder(stage.word())
                            .setParent(parent)
                            .setStartTimestamp(epochOffset + start, TimeUnit.NANOSECONDS)
                            .startSpan()
                            .end(epochOffset + stop, TimeUnit.NANOSECONDS));
        }
        span.end(end, TimeUnit.NANOSECONDS);
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

    private static void setAttributes(Span span, CompletedRequest request) {
        span.setAttribute(METHOD, request.method());
        span.setAttribute(ROUTE, request.route());
        span.setAttribute(PATH, request.path());
        span.setAttribute(STATUS, (long) request.status());
        span.setAttribute(BYTES, request.bytes());
        span.setAttribute(REQUEST_ID, request.requestId());
        if (!request.cache().isEmpty()) {
            span.setAttribute(CACHE, request.cache());
        }
        if (request.status() >= SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    /** Exports the queued spans, for at most five seconds. */
    @Override
    public void close() {
        provider.shutdown().join(EXPORT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Random span ids, and the trace id that the request has in the access log.
     *
     * <p>Thread-safe: each thread has a trace id of its own.
     */
    private static final class RequestIdGenerator implements IdGenerator {

        private final IdGenerator random = IdGenerator.random();
        private final ThreadLocal<String> traceId = ThreadLocal.withInitial(random::generateTraceId);

        /** Sets the id of the next trace that this thread starts. */
        void setTraceId(String id) {
            traceId.set(id);
        }

        @Override
        public String generateSpanId() {
            return random.generateSpanId();
        }

        @Override
        public String generateTraceId() {
            return traceId.get();
        }
    }

    /**
     * The export of traces.
     *
     * <p>Immutable.
     *
     * @param endpoint the URL of an OTLP/HTTP receiver with its path, empty for no traces
     * @param sample the fraction of requests that are traced if the caller sends no {@code traceparent}
     * @param serviceName {@code service.name} of this server
     * @param maxQueue the most spans queued for export; further ones are dropped
     */
    public record TracesConfig(String endpoint, double sample, String serviceName, int maxQueue) {

        public TracesConfig {
            requireNonNull(endpoint, "endpoint");
            requireNonNull(serviceName, "serviceName");
            require(
                    endpoint.isEmpty() || endpoint.matches("https?://[^/\\s]+/\\S+"),
                    "endpoint: empty, or a URL with its path such as http://127.0.0.1:4318/v1/traces, not " + endpoint);
            require(sample >= 0 && sample <= 1, "sample: 0 to 1, not " + sample);
            require(!serviceName.isBlank(), "serviceName: a name, not blank");
            require(maxQueue >= 1 && maxQueue <= 1_000_000, "maxQueue: 1 to 1000000 spans, not " + maxQueue);
        }

        /** No traces; all requests are sampled once an endpoint is set. */
        public static TracesConfig defaults() {
            return new TracesConfig("", 1, "hemline", 4096);
        }

        boolean on() {
            return !endpoint.isEmpty();
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
