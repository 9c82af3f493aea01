package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Stages;
import io.hemline.serving.http.RequestListener.CompletedRequest;
import io.hemline.serving.security.Client;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records completed requests: in {@code http_request_duration_seconds} by route, method and status, from the first line
 * read to the last byte written; in the debug log; and with the listeners, which are the access log and the traces.
 *
 * <p>Thread-safe: the meters are, and timers are kept in a concurrent map.
 */
final class RequestRecorder {

    private static final Logger log = LoggerFactory.getLogger(RequestRecorder.class);
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT");
    private static final Duration[] BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 150, 250, 500, 1000, 2500, 5000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final Consumer<Stages> stageMeters;
    private final Counter cachedResponses;
    private final List<RequestListener> listeners;

    RequestRecorder(MeterRegistry meters, Consumer<Stages> stageMeters, List<RequestListener> listeners) {
        this.meters = requireNonNull(meters, "meters");
        this.stageMeters = requireNonNull(stageMeters, "stageMeters");
        this.cachedResponses = meters.counter("http.doorstep.answers");
        this.listeners = List.copyOf(listeners);
        // Registered at start: an alert cannot tell a server without requests from one that counts none.
        timers.computeIfAbsent(new Key("/predict", "GET", 200), this::timer);
    }

    /** Records the request of an exchange. */
    void record(Exchange exchange) {
        stageMeters.accept(exchange.stages());
        record(
                exchange.route(),
                exchange.request(),
                exchange.client(),
                exchange.requestId(),
                exchange.stages(),
                exchange.startNanos());
    }

    /** Records a request that had no exchange. */
    void record(String route, HttpServerRequest request, CharSequence id, long startNanos) {
        record(route, request, Client.ANONYMOUS, id, Stages.NONE, startNanos);
    }

    private void record(
            String route, HttpServerRequest request, Client client, CharSequence id, Stages stages, long startNanos) {
        HttpServerResponse response = request.response();
        int status = response.getStatusCode();
        long nanos = time(route, request.method(), status, id, startNanos);
        if (listeners.isEmpty()) {
            return;
        }
        notifyListeners(new CompletedRequest(
                request.method().name(),
                route,
                String.valueOf(request.path()),
                status,
                response.bytesWritten(),
                CacheStatus.word(response.headers().get(CacheStatus.HEADER)),
                client.id(),
                id.toString(),
                TraceContext.of(request.headers().getAll(TraceContext.HEADER)),
                startNanos,
                nanos,
                stages));
    }

    /** Records a request that {@link ResponseCacheHandler} answered; returns its duration. */
    long recordCached(
            String route,
            HttpRequest request,
            EncodedResponse.Ready response,
            Client client,
            CharSequence id,
            long startNanos) {
        long nanos = time(route, HttpMethod.GET, response.status(), id, startNanos);
        cachedResponses.increment();
        if (!listeners.isEmpty()) {
            notifyListeners(new CompletedRequest(
                    HttpMethod.GET.name(),
                    route,
                    route,
                    response.status(),
                    response.bodyBytes(),
                    CacheStatus.HIT,
                    client.id(),
                    id.toString(),
                    TraceContext.of(request.headers().getAll(TraceContext.HEADER)),
                    startNanos,
                    nanos,
                    Stages.NONE));
        }
        return nanos;
    }

    private long time(String route, HttpMethod method, int status, CharSequence id, long startNanos) {
        long nanos = System.nanoTime() - startNanos;
        Key key = new Key(route, METHODS.contains(method.name()) ? method.name() : "other", status);
        Timer timer = timers.get(key);
        if (timer == null) {
            timer = timers.computeIfAbsent(key, this::timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
        if (log.isDebugEnabled()) {
            log.debug("request {}: {} {} {} in {} us", id, method, route, status, TimeUnit.NANOSECONDS.toMicros(nanos));
        }
        return nanos;
    }

    private Timer timer(Key key) {
        return Timer.builder("http.request.duration")
                .description("How long HTTP requests took, by route, method and status")
                .tag("route", key.route())
                .tag("method", key.method())
                .tag("status", Integer.toString(key.status()))
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    private void notifyListeners(CompletedRequest request) {
        for (RequestListener listener : listeners) {
            listener.completed(request);
        }
    }

    private record Key(String route, String method, int status) {}
}
