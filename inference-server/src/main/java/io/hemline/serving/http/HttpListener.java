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
 * The public HTTP listener, on one or several event loops. At the end it accepts no more connections and lets the
 * running requests finish.
 *
 * <p>Thread-safe: its parts are.
 */
public final class HttpListener {

    private static final int MAX_REQUEST_LINE = 65_536;

    private final HttpConfig config;
    private final ConnectionLimiter connections;
    private final EventLoopServers servers;
    private final TlsCertificate tls;
    private final WorkerExecutor workers;
    private final RequestLifecycle lifecycle;
    private final List<Resource> resources;

    /**
     * Makes a listener that does not listen yet.
     *
     * @param vertx provides the event loops
     * @param config address and limits
     * @param access authenticates clients and counts their quotas
     * @param cached finds responses that can be given at once
     * @param resources all resources that are served
     * @param meters registry of the request metrics
     * @param stageMeters receives the stages of each request
     * @param listeners receive each completed request
     */
    public HttpListener(
            Vertx vertx,
            HttpConfig config,
            AccessPolicy access,
            ResponseLookup cached,
            List<Resource> resources,
            MeterRegistry meters,
            Consumer<Stages> stageMeters,
            List<RequestListener> listeners) {
        this.config = requireNonNull(config, "config");
        this.tls = new TlsCertificate(config.tls(), vertx, "http", meters);
        this.workers = BodyBudget.workers(vertx);
        RequestRecorder recorder = new RequestRecorder(meters, stageMeters, listeners);
        this.lifecycle = new RequestLifecycle(config, access.authenticator(), workers, meters, recorder);
        this.resources = List.copyOf(resources);
        this.connections = new ConnectionLimiter(
                "http",
                config.connections(),
                meters,
                (remote, encoder) -> new ResponseCacheHandler(cached, access, lifecycle, recorder, remote, encoder));
        HttpServerOptions options = tls.addTo(options(config));
        Router router = Routes.of(vertx, lifecycle, access, resources);
        this.servers = new EventLoopServers(
                vertx,
                config.eventLoops(),
                config.port(),
                port -> vertx.createHttpServer(new HttpServerOptions(options).setPort(port))
                        .requestHandler(router)
                        .invalidRequestHandler(lifecycle::refuse)
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

    /** All resources, with the paths as the OpenAPI document writes them. */
    public List<Resource> resources() {
        return resources;
    }

    /** The number of requests in progress, of all event loops. */
    public int running() {
        return lifecycle.running();
    }

    /** From now on each response closes its connection, so that clients turn to another server. */
    public void retire() {
        lifecycle.drain();
    }

    /**
     * Accepts no more connections, gives new ones a moment for their first request, and closes idle ones. Completes
     * when the running requests have been answered, at the latest after {@code atMost}, when the other connections
     * are closed.
     */
    public Future<Void> drain(Duration atMost) {
        lifecycle.drain();
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
        return config.connections()
                .addTo(new HttpServerOptions())
                .setHost(config.host())
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setReadIdleTimeout((int) config.connections()
                        .idleTimeout()
                        .plus(config.requestTimeout())
                        .toSeconds())
                // There are no WebSockets, so no handler needs to look for an upgrade in each request.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(false);
    }
}
