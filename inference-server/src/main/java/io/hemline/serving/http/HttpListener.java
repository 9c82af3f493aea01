package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.core.Stages;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.TlsCertificate;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The HTTP server: listens, lets requests in, and at the end lets none in and the running ones finish.
 *
 * <p>Thread-safe: running requests are counted in an atomic; the rest is set before it is shared.
 */
public final class HttpListener {

    private static final int MAX_REQUEST_LINE = 65_536;

    private final HttpConfig config;
    private final ConnectionLimiter connections;
    private final EventLoopServers servers;
    private final TlsCertificate tls;
    private final WorkerExecutor workers;
    private final RequestLifecycle entrance;
    private final List<Resource> resources;

    /**
     * Makes the door, still shut.
     *
     * @param vertx whose event loops serve
     * @param config where it stands and what may come through
     * @param admittance tells who asks, and how much they may
     * @param cached finds responses that can be given at once
     * @param resources everything that is served
     * @param meters counts the requests
     * @param stageMeters times the stages of each request
     * @param listeners hear of every request
     */
    public HttpListener(
            Vertx vertx,
            HttpConfig config,
            AccessPolicy admittance,
            ResponseLookup cached,
            List<Resource> resources,
            MeterRegistry meters,
            Consumer<Stages> stageMeters,
            List<RequestListener> listeners) {
        this.config = requireNonNull(config, "config");
        this.tls = new TlsCertificate(config.tls(), vertx, "http", meters);
        this.workers = BodyBudget.workers(vertx);
        this.entrance =
                new RequestLifecycle(config, admittance.authenticator(), workers, meters, stageMeters, listeners);
        this.resources = List.copyOf(resources);
        this.connections = new ConnectionLimiter(
                "http",
                config.connections(),
                meters,
                (remote, encoder) -> new ResponseCacheHandler(cached, admittance, entrance, remote, encoder));
        HttpServerOptions options = tls.addTo(options(config));
        Router router = Routes.of(vertx, entrance, admittance, resources);
        this.servers = new EventLoopServers(
                vertx,
                config.eventLoops(),
                config.port(),
                port -> vertx.createHttpServer(new HttpServerOptions(options).setPort(port))
                        .requestHandler(router)
                        .invalidRequestHandler(entrance::refuse)
                        .connectionHandler(connections));
    }

    /** Starts to listen; completes with the port, which is the configured one unless that is 0. */
    public Future<Integer> open() {
        return servers.listen().map(listening -> {
            connections.acceptedBy(listening);
            tls.follow(listening);
            return listening.actualPort();
        });
    }

    /** Everything that is served, with the paths as the OpenAPI writes them. */
    public List<Resource> resources() {
        return resources;
    }

    /** How many requests are running now. */
    public int running() {
        return entrance.running();
    }

    /** Asks clients to look for another server: from now on each answer ends its connection. */
    public void retire() {
        entrance.drain();
    }

    /**
     * Shuts the door: accepts no connection, gives those that have not asked yet a moment, closes the idle ones, and completes
     * when the running requests have been answered, at the latest after {@code atMost}, when the rest is cut off.
     */
    public Future<Void> drain(Duration atMost) {
        entrance.drain();
        tls.close();
        return connections
                .closeListener()
                .compose(closed -> servers.shutdown(atMost))
                .eventually(workers::close);
    }

    @Override
    public String toString() {
        return config.tls().scheme() + "://" + config.host() + ":" + config.port();
    }

    private static HttpServerOptions options(HttpConfig config) {
        return Http2Limits.addTo(new HttpServerOptions(), config.connections())
                .setHost(config.host())
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setReadIdleTimeout((int) config.connections()
                        .idleTimeout()
                        .plus(config.requestTimeout())
                        .toSeconds())
                // Nobody upgrades to a WebSocket here, so no handler needs to look for it in every request.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false);
    }
}
