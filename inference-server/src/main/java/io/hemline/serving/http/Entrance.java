package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request passes first: it gets its id and the headers that all answers carry, and it is counted until its
 * last byte is written.
 *
 * <p>Thread-safe: the count is atomic, the flag volatile.
 */
final class Entrance implements Handler<RoutingContext> {

    private static final Logger log = LoggerFactory.getLogger(Entrance.class);

    private final HttpConfig config;
    private final RequestTimes times;
    private final Cors cors;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean draining;

    Entrance(HttpConfig config, RequestTimes times) {
        this.config = requireNonNull(config, "config");
        this.times = requireNonNull(times, "times");
        this.cors = new Cors(config.origins());
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
        String id = RequestId.of(request.getHeader(RequestId.HEADER));
        Exchange exchange = new Exchange(routing, config, id, System.nanoTime());
        running.incrementAndGet();
        routing.addEndHandler(ended -> leave(exchange, response.getStatusCode()));
        response.putHeader(RequestId.HEADER, id);
        for (int i = 0; i < AnswerHeaders.COMMON.size(); i += 2) {
            response.putHeader(AnswerHeaders.COMMON.get(i), AnswerHeaders.COMMON.get(i + 1));
        }
        if (greet(request, response)) {
            exchange.answerEmpty();
            return;
        }
        routing.next();
    }

    /** Adds what depends on who asks and when. A preflight needs no more answer, and {@code true} says so. */
    boolean greet(HttpServerRequest request, HttpServerResponse response) {
        if (draining && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return cors.answers(request, response);
    }

    private void leave(Exchange exchange, int status) {
        running.decrementAndGet();
        left(
                exchange.route(),
                exchange.request().method(),
                status,
                System.nanoTime() - exchange.startNanos(),
                exchange.requestId());
    }

    /** Counts a request that was answered. */
    void left(String route, HttpMethod method, int status, long nanos, CharSequence id) {
        times.record(route, method, status, nanos);
        if (log.isDebugEnabled()) {
            log.debug("request {}: {} {} {} in {} us", id, method, route, status, TimeUnit.NANOSECONDS.toMicros(nanos));
        }
    }
}
