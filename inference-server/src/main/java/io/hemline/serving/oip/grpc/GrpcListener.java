package io.hemline.serving.oip.grpc;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.BodyBudget;
import io.hemline.serving.http.ConnectionLimiter;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.MalformedRequests;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.TlsCertificate;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC listener. Its classes are loaded when it is opened, after the HTTP listener.
 *
 * <p>Thread-safe: a volatile reference and a volatile flag; the rest is set before it is shared.
 */
public final class GrpcListener {

    private static final int IDLE_SECONDS = 75;

    /** The request that Vert.x is handling: its call object has no reference to it. */
    private static final ThreadLocal<IncomingCall> CURRENT = new ThreadLocal<>();

    private final Vertx vertx;
    private final GrpcConfig config;
    private final HttpConfig http;
    private final AccessPolicy access;
    private final TlsCertificate tls;
    private final CheckedModels models;
    private final BooleanSupplier ready;
    private final ServerIdentity identity;
    private final MeterRegistry meters;
    private final ConnectionLimiter connections;
    private volatile @Nullable HttpServer server;
    private volatile boolean draining;

    /**
     * Makes a listener that does not listen yet.
     *
     * @param vertx provides the event loop
     * @param config the port
     * @param http the host and the limits that both listeners have
     * @param access authenticates clients and counts their quotas
     * @param models the models
     * @param ready whether a model is live and the server is not stopping
     * @param identity the server metadata
     * @param meters registry of the call metrics
     */
    public GrpcListener(
            Vertx vertx,
            GrpcConfig config,
            HttpConfig http,
            AccessPolicy access,
            CheckedModels models,
            BooleanSupplier ready,
            ServerIdentity identity,
            MeterRegistry meters) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.config = requireNonNull(config, "config");
        this.http = requireNonNull(http, "http");
        this.access = requireNonNull(access, "access");
        this.tls = new TlsCertificate(http.tls(), vertx, "grpc", meters);
        this.models = requireNonNull(models, "models");
        this.ready = requireNonNull(ready, "ready");
        this.identity = requireNonNull(identity, "identity");
        this.meters = requireNonNull(meters, "meters");
        this.connections = new ConnectionLimiter("grpc", http.connections(), meters);
    }

    /** Starts to listen; completes with the port, which is the configured one unless that is 0. */
    public Future<Integer> open() {
        if (!config.on()) {
            return Future.succeededFuture(GrpcConfig.OFF);
        }
        GrpcServerOptions grpc = new GrpcServerOptions()
                .setMaxMessageSize(http.maxBody())
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT)
                .removeEnabledProtocol(GrpcProtocol.TRANSCODING);
        HttpServer opened = vertx.createHttpServer(tls.addTo(options()))
                .requestHandler(allowedHosts(counted(grpc)))
                .invalidRequestHandler(request -> MalformedRequests.refuse(
                        request,
                        MalformedRequests.problem(request, http.connections().maxHeader())))
                .connectionHandler(connections);
        server = opened;
        return opened.listen().map(listening -> {
            connections.acceptedBy(listening);
            tls.follow(listening);
            return listening.actualPort();
        });
    }

    /** Refuses calls to other host names, on a listener without authentication. */
    private Handler<HttpServerRequest> allowedHosts(Handler<HttpServerRequest> next) {
        AllowedHosts hosts = http.hosts(access.authenticator());
        return request -> {
            if (hosts.allow(request)) {
                next.handle(request);
                return;
            }
            // The HTTP status is 200, or clients would not read that of gRPC.
            request.response()
                    .putHeader("content-type", "application/grpc")
                    .putHeader("grpc-status", Integer.toString(GrpcStatus.PERMISSION_DENIED.code))
                    .putHeader(
                            "grpc-message",
                            "This server is called without a key only by the host names of http.allowed-hosts.")
                    .end();
        };
    }

    /** Counts the bytes of calls before Vert.x reads them, which announces a message only when it is whole. */
    private Handler<HttpServerRequest> counted(GrpcServerOptions options) {
        BodyBudget bodies = new BodyBudget(http.maxBodies(), "grpc.bodies.bytes", meters);
        GrpcServer calls = GrpcServer.server(vertx, options).callHandler(calls(bodies, CURRENT::get));
        return request -> {
            IncomingCall incoming = new IncomingCall(request, bodies);
            CURRENT.set(incoming);
            try {
                calls.handle(incoming);
            } finally {
                CURRENT.remove();
            }
        };
    }

    private Handler<GrpcServerRequest<Buffer, Buffer>> calls(BodyBudget bodies, Supplier<IncomingCall> incoming) {
        HealthService health = new HealthService(ready, () -> draining, meters);
        Map<String, Method<?>> methods = new HashMap<>(new InferenceService(models, ready, identity).methods());
        methods.putAll(health.methods());
        Call.Times times = new Call.Times(meters);
        WorkerExecutor workers = BodyBudget.workers(vertx);
        return call -> {
            IncomingCall bytes = incoming.get();
            if (call.fullMethodName().equals(HealthService.WATCH)) {
                HealthWatch watch = new HealthWatch(vertx, call, health, () -> bodies.release(bytes.transferBytes()));
                bytes.onRefusal(watch::refuse);
                watch.begin();
                return;
            }
            new Call(vertx, call, bytes, http, access, bodies, workers, times).answer(methods);
        };
    }

    private HttpServerOptions options() {
        return http.connections()
                .addTo(new HttpServerOptions())
                .setHost(http.host())
                .setPort(config.port())
                .setIdleTimeout(IDLE_SECONDS + (int) http.requestTimeout().toSeconds())
                .setHttp2ClearTextEnabled(true);
    }

    /**
     * Accepts no more calls; completes when the running ones have been answered, at the latest after {@code atMost}.
     */
    public Future<Void> drain(Duration atMost) {
        draining = true;
        tls.close();
        HttpServer opened = server;
        return opened == null
                ? Future.succeededFuture()
                : connections
                        .closeListener()
                        .compose(closed -> opened.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public String toString() {
        return config.on() ? http.host() + ":" + config.port() : "off";
    }

    /**
     * Where gRPC is served; the host, the largest message and the longest time are those of {@code http}.
     *
     * <p>Immutable.
     *
     * @param port the port to listen on, 0 for any free one, −1 for none
     */
    public record GrpcConfig(int port) {

        /** Do not listen. */
        public static final int OFF = -1;

        public GrpcConfig {
            if (port < OFF || port > 65_535) {
                throw new IllegalArgumentException("port: 0 to 65535, or -1 for no gRPC, not " + port);
            }
        }

        /** Port 8082. */
        public static GrpcConfig defaults() {
            return new GrpcConfig(8082);
        }

        /** Whether to listen at all. */
        public boolean on() {
            return port != OFF;
        }
    }
}
