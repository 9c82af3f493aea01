package io.hemline.serving;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.admin.AdminListener;
import io.hemline.serving.core.Responder;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.HttpListener;
import io.hemline.serving.oip.CheckedModels;
import io.hemline.serving.oip.OpenInference;
import io.hemline.serving.oip.ServerIdentity;
import io.hemline.serving.oip.grpc.GrpcListener;
import io.hemline.serving.rollout.LeasedTensors;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.rollout.VersionSelector;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Quotas;
import io.hemline.serving.telemetry.StageMeters;
import io.hemline.serving.telemetry.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three listeners of a server and their ports: public HTTP, gRPC and admin.
 *
 * <p>Confined to the thread that starts the server; the ports are set before the server is shared.
 */
final class Listeners {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** Longer than {@link #DRAIN}, so that a listener can complete its own drain timeout. */
    private static final long WAIT_SECONDS = 40;

    private final ServerConfig config;
    private final HttpListener http;
    private final GrpcListener grpc;
    private final AdminListener admin;
    private int httpPort;
    private int grpcPort;
    private int adminPort;

    Listeners(
            ServerConfig config,
            Vertx vertx,
            Authenticator authenticator,
            Responder entry,
            VersionSelector versions,
            Models models,
            Readiness readiness,
            Telemetry telemetry,
            String version) {
        this.config = requireNonNull(config, "config");
        HttpConfig limits = config.http();
        MeterRegistry meters = telemetry.meters();
        AccessPolicy access = new AccessPolicy(authenticator, Quotas.of(config.quota(), System::nanoTime));
        CheckedModels tensors =
                new CheckedModels(new LeasedTensors(models, meters), limits.maxItems(), limits.maxImage());
        this.http = new HttpListener(
                vertx,
                limits,
                access,
                versions,
                PublicResources.of(
                        limits,
                        entry,
                        versions,
                        models.board(),
                        readiness::isReady,
                        new OpenInference(tensors, readiness::isReady, ServerIdentity.rest(version)).resources()),
                meters,
                new StageMeters(meters)::record,
                telemetry.listeners());
        this.grpc = new GrpcListener(
                vertx,
                config.grpc(),
                limits,
                access,
                tensors,
                readiness::isReady,
                ServerIdentity.grpc(version),
                meters);
        this.admin = new AdminListener(vertx, config.admin(), authenticator, models, meters, telemetry.prometheus());
    }

    void openAdmin() throws StartException {
        adminPort = listening(
                admin.open(), config.admin().host() + ":" + config.admin().port());
    }

    void openPublic() throws StartException {
        httpPort = listening(
                http.open(), config.http().host() + ":" + config.http().port());
        grpcPort = listening(grpc.open(), grpc.toString());
    }

    void logPorts() {
        log.info(
                "listening on {}://{}:{}, admin on {}://{}:{}, gRPC on {}",
                config.http().tls().scheme(),
                config.http().host(),
                httpPort,
                config.admin().tls().scheme(),
                config.admin().host(),
                adminPort,
                config.grpc().on() ? config.http().host() + ":" + grpcPort : "no port");
    }

    /** The port of public HTTP. */
    int http() {
        return httpPort;
    }

    /** The port of gRPC, −1 when there is none. */
    int grpc() {
        return grpcPort;
    }

    int admin() {
        return adminPort;
    }

    /** From now on each response closes its connection, so that clients connect to another server. */
    void retire() {
        http.retire();
    }

    /** Requests of public HTTP that are running. */
    int running() {
        return http.running();
    }

    void drainPublic() throws Exception {
        await(Future.join(grpc.drain(DRAIN), http.drain(DRAIN)));
    }

    void closeAdmin() throws Exception {
        await(admin.close(DRAIN));
    }

    private static <T> T listening(Future<T> opening, String address) throws StartException {
        try {
            return await(opening);
        } catch (ExecutionException e) {
            throw new StartException("cannot listen on " + address + ": " + reason(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted before there was an answer whether it can listen on " + address, e);
        } catch (TimeoutException e) {
            throw new StartException("cannot listen on " + address, e);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof IOException
                ? "the port is in use, or the address is not of this machine"
                : String.valueOf(cause);
    }

    /** Waits for an opening or closing listener. */
    static <T> T await(Future<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
