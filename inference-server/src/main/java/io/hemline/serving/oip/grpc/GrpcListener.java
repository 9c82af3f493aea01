package io.hemline.serving.oip.grpc;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.BodyBudget;
import io.hemline.serving.http.ConnectionLimiter;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.MalformedRequests;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.security.AccessPolicy;
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
 * The gRPC listener. Nothing of gRPC is loaded before it is opened, so that the door of HTTP answers first.
 *
 * <p>Thread-safe: one volatile reference and one flag; the rest is set before it is shared.
 */
public final class GrpcListener {

    private static final int IDLE_SECONDS = 75;

    /** The call that Vert.x is being told of: it hands on one of its own, which does not lead back to this one. */
    private static final ThreadLocal<IncomingCall> CURRENT = new ThreadLocal<>();

    private final Vertx vertx;
    private final GrpcConfig config;
    private final HttpConfig http;
    private final AccessPolicy admittance;
    private final TlsCertificate tls;
    private final CheckedModels models;
    private final BooleanSupplier ready;
    private final ServerIdentity identity;
    private final MeterRegistry meters;
    private final ConnectionLimiter connections;
    private volatile @Nullable HttpServer server;
    private volatile boolean draining;

    /**
     * Makes the door, still shut.
     *
     * @param vertx whose event loops serve
     * @param config where it stands
     * @param http the host and the limits that it shares
     * @param admittance tells who calls, and how much they may
     * @param models runs what passes their checks
     * @param ready whether a model is live and the server is not about to stop
     * @param identity what clients are told of the server
     * @param meters times the calls
     */
    public GrpcListener(
            Vertx vertx,
            GrpcConfig config,
            HttpConfig http,
            AccessPolicy admittance,
            CheckedModels models,
            BooleanSupplier ready,
            ServerIdentity identity,
            MeterRegistry meters) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.config = requireNonNull(config, "config");
        this.http = requireNonNull(http, "http");
        this.admittance = requireNonNull(admittance, "admittance");
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
                .requestHandler(new AllowedAuthority(http.hosts(admittance.authenticator()), counted(grpc)))
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

    /** Vert.x tells nothing of a call's bytes until a message is whole, so they are counted before it sees them. */
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
        CallTimes times = new CallTimes(meters);
        WorkerExecutor workers = BodyBudget.workers(vertx);
        return call -> {
            IncomingCall bytes = incoming.get();
            if (call.fullMethodName().equals(HealthService.WATCH)) {
                HealthWatch watch = new HealthWatch(vertx, call, health, () -> bodies.release(bytes.handOver()));
                bytes.onRefusal(watch::refuse);
                watch.begin();
                return;
            }
            new Call(vertx, call, bytes, http, admittance, bodies, workers, times).answer(methods);
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

    /** Takes no new calls, and completes when the running ones have been answered, at the latest after {@code atMost}. */
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
}
