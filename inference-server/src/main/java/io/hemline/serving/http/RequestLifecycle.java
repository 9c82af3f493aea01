package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.CrossSite;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of every request: assigns its id, adds the headers of all responses, and counts it until its last
 * byte is written. On a listener without authentication it refuses unknown hosts and requests from foreign web pages.
 *
 * <p>Thread-safe: the count is atomic, the flag volatile.
 */
final class RequestLifecycle implements Handler<RoutingContext> {

    private final HttpConfig config;
    private final BodyBudget bodies;
    private final WorkerExecutor workers;
    private final RequestRecorder recorder;
    private final Cors cors;
    private final AllowedHosts hosts;
    private final boolean unauthenticated;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean draining;

    RequestLifecycle(
            HttpConfig config,
            Authenticator authenticator,
            WorkerExecutor workers,
            MeterRegistry meters,
            RequestRecorder recorder) {
        this.config = requireNonNull(config, "config");
        this.bodies = new BodyBudget(config.maxBodies(), "http.bodies.bytes", meters);
        this.workers = requireNonNull(workers, "workers");
        this.recorder = requireNonNull(recorder, "recorder");
        this.cors = new Cors(config.origins());
        this.hosts = config.hosts(authenticator);
        this.unauthenticated = authenticator.isAnonymous();
    }

    /** The number of requests in progress. */
    int running() {
        return running.get();
    }

    /** From now on responses ask their clients to close the connection. */
    void drain() {
        draining = true;
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        HttpServerResponse response = routing.response();
        CharSequence id = RequestId.of(request.getHeader(RequestId.HEADER));
        Exchange exchange = new Exchange(routing, config, bodies, workers, id, System.nanoTime());
        running.incrementAndGet();
        routing.addEndHandler(ended -> complete(exchange));
        boolean preflight = prepare(request, response, id);
        Problem problem = problem(request);
        if (problem != null) {
            exchange.refuse(problem);
        } else if (preflight) {
            exchange.answerEmpty();
        } else {
            routing.next();
        }
    }

    private void complete(Exchange exchange) {
        running.decrementAndGet();
        exchange.end();
        recorder.record(exchange);
    }

    /** The host names under which the listener may be requested. */
    AllowedHosts hosts() {
        return hosts;
    }

    private @Nullable Problem problem(HttpServerRequest request) {
        if (!hosts.allow(request)) {
            return Problem.of(
                    ProblemType.MISDIRECTED,
                    "This server is asked without a key only by the host names of http.allowed-hosts; "
                            + SafeText.quoted(String.valueOf(request.authority())) + " is none of them.");
        }
        if (unauthenticated && CrossSite.isForeign(request, cors::allows)) {
            return Problem.of(
                    ProblemType.FORBIDDEN,
                    "Pages of another origin may only read here; http.cors-origins names those that may ask.");
        }
        return null;
    }

    /** Whether responses in HTTP/1.1 carry the common headers alone, for every request. */
    boolean addsCommonHeadersOnly() {
        return !draining && cors.isOff();
    }

    /** Adds the headers of all responses; {@code true} for a CORS preflight, which these headers answer. */
    private boolean prepare(HttpServerRequest request, HttpServerResponse response, CharSequence id) {
        response.putHeader(RequestId.HEADER, id);
        for (int i = 0; i < ResponseWriter.COMMON_HEADERS.size(); i += 2) {
            response.putHeader(ResponseWriter.COMMON_HEADERS.get(i), ResponseWriter.COMMON_HEADERS.get(i + 1));
        }
        if (draining && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return cors.answers(request, response);
    }

    /** Answers bytes that are not an HTTP request. */
    void refuse(HttpServerRequest request) {
        refuse(request, MalformedRequests.problem(request, config.connections().maxHeader()));
    }

    /** Answers a malformed request. */
    void refuse(HttpServerRequest request, Problem problem) {
        long start = System.nanoTime();
        recorder.record("malformed", request, MalformedRequests.refuse(request, problem), start);
    }

    /** Answers {@code OPTIONS *}, a request about the server as a whole (RFC 9110, section 9.3.7). */
    void answerOptions(HttpServerRequest request, String methods) {
        long start = System.nanoTime();
        CharSequence id = RequestId.of(request.getHeader(RequestId.HEADER));
        HttpServerResponse response = request.response();
        prepare(request, response, id);
        response.putHeader("Allow", methods).setStatusCode(204).end();
        recorder.record("other", request, id, start);
    }
}
