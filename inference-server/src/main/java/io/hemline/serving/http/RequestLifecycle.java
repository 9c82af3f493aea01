package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Stages;
import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.CrossSite;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request passes first: it gets its id and the headers that all answers carry, and it is counted until its
 * last byte is written. While nobody is asked who they are, it stops here when a page of another site is behind it.
 *
 * <p>Thread-safe: the count is atomic, the flag volatile.
 */
final class RequestLifecycle implements Handler<RoutingContext> {

    private static final Logger log = LoggerFactory.getLogger(RequestLifecycle.class);

    private final HttpConfig config;
    private final BodyBudget bodies;
    private final WorkerExecutor workers;
    private final RequestTimes times;
    private final Consumer<Stages> stageMeters;
    private final Counter onDoorstep;
    private final List<RequestListener> witnesses;
    private final Cors cors;
    private final AllowedHosts hosts;
    private final boolean open;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean draining;

    RequestLifecycle(
            HttpConfig config,
            Authenticator gate,
            WorkerExecutor workers,
            MeterRegistry meters,
            Consumer<Stages> stageMeters,
            List<RequestListener> witnesses) {
        this.config = requireNonNull(config, "config");
        this.bodies = new BodyBudget(config.maxBodies(), "http.bodies.bytes", meters);
        this.workers = requireNonNull(workers, "workers");
        this.times = new RequestTimes(meters);
        this.stageMeters = requireNonNull(stageMeters, "stageMeters");
        this.onDoorstep = meters.counter("http.doorstep.answers");
        this.witnesses = List.copyOf(witnesses);
        this.cors = new Cors(config.origins());
        this.hosts = config.hosts(gate);
        this.open = gate.isAnonymous();
    }

    int running() {
        return running.get();
    }

    /** From now on answers ask their clients to close the connection. */
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
        routing.addEndHandler(ended -> leave(exchange));
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

    /** The host names under which it may be asked. */
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
        if (open && CrossSite.isForeign(request, cors::allows)) {
            return Problem.of(
                    ProblemType.FORBIDDEN,
                    "Pages of another origin may only read here; http.cors-origins names those that may ask.");
        }
        return null;
    }

    /** Whether no answer of HTTP/1.1 has a header that depends on who asks or when. */
    boolean greetsAllAlike() {
        return !draining && cors.isOff();
    }

    /** Adds what every answer has. A preflight needs no more answer, and {@code true} says so. */
    private boolean prepare(HttpServerRequest request, HttpServerResponse response, CharSequence id) {
        response.putHeader(RequestId.HEADER, id);
        for (int i = 0; i < CommonHeaders.ALL.size(); i += 2) {
            response.putHeader(CommonHeaders.ALL.get(i), CommonHeaders.ALL.get(i + 1));
        }
        if (draining && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return cors.answers(request, response);
    }

    /** Answers what is no HTTP request. */
    void refuse(HttpServerRequest request) {
        refuse(request, MalformedRequests.problem(request, config.connections().maxHeader()));
    }

    /** Answers what is none for a reason. */
    void refuse(HttpServerRequest request, Problem problem) {
        long start = System.nanoTime();
        CharSequence id = MalformedRequests.refuse(request, problem);
        left("malformed", request, Client.ANONYMOUS, id, Stages.NONE, start);
    }

    /** Answers {@code OPTIONS *}, which asks about the server as a whole (RFC 9110, section 9.3.7). */
    void answerOptions(HttpServerRequest request, String methods) {
        long start = System.nanoTime();
        CharSequence id = RequestId.of(request.getHeader(RequestId.HEADER));
        HttpServerResponse response = request.response();
        prepare(request, response, id);
        response.putHeader("Allow", methods).setStatusCode(204).end();
        left("other", request, Client.ANONYMOUS, id, Stages.NONE, start);
    }

    private void leave(Exchange exchange) {
        running.decrementAndGet();
        exchange.end();
        stageMeters.accept(exchange.stages());
        left(
                exchange.route(),
                exchange.request(),
                exchange.client(),
                exchange.requestId(),
                exchange.stages(),
                exchange.startNanos());
    }

    private void left(
            String route, HttpServerRequest request, Client client, CharSequence id, Stages stages, long startNanos) {
        HttpServerResponse response = request.response();
        int status = response.getStatusCode();
        long nanos = count(route, request.method(), status, id, startNanos);
        if (witnesses.isEmpty()) {
            return;
        }
        tell(new CompletedRequest(
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

    /** Counts a request that was answered on the doorstep, and tells the witnesses; returns how long it took. */
    long left(
            String route,
            HttpRequest request,
            EncodedResponse.Ready answer,
            Client client,
            CharSequence id,
            long startNanos) {
        long nanos = count(route, HttpMethod.GET, answer.status(), id, startNanos);
        onDoorstep.increment();
        if (!witnesses.isEmpty()) {
            tell(new CompletedRequest(
                    HttpMethod.GET.name(),
                    route,
                    route,
                    answer.status(),
                    answer.bodyBytes(),
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

    private long count(String route, HttpMethod method, int status, CharSequence id, long startNanos) {
        long nanos = System.nanoTime() - startNanos;
        times.record(route, method, status, nanos);
        if (log.isDebugEnabled()) {
            log.debug("request {}: {} {} {} in {} us", id, method, route, status, TimeUnit.NANOSECONDS.toMicros(nanos));
        }
        return nanos;
    }

    private void tell(CompletedRequest passage) {
        for (RequestListener witness : witnesses) {
            witness.left(passage);
        }
    }
}
