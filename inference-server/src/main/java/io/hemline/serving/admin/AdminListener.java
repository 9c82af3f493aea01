package io.hemline.serving.admin;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.ConnectionConfig;
import io.hemline.serving.http.ConnectionLimiter;
import io.hemline.serving.http.MalformedRequests;
import io.hemline.serving.http.Problem;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.TlsCertificate;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntBiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' listener: metrics, the versions and their states, promotion and rollback.
 *
 * <p>Immutable.
 */
public final class AdminListener {

    private static final Logger log = LoggerFactory.getLogger(AdminListener.class);
    private static final int MAX_BODY = 10_000;
    private static final int STORE_THREADS = 4;
    private static final ConnectionConfig CONNECTIONS = ConnectionConfig.defaults();
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final AdminConfig config;
    private final Authenticator authenticator;
    private final Models models;
    private final PrometheusMeterRegistry prometheus;
    private final TlsCertificate tls;
    private final WorkerExecutor storeCalls;
    private final WorkerExecutor scrapes;
    private final ConnectionLimiter connections;
    private final HttpServer server;

    /**
     * Creates the listener; {@link #open} binds it.
     *
     * @param meters counts its connections
     * @param prometheus the registry that {@code /metrics} renders
     */
    public AdminListener(
            Vertx vertx,
            AdminConfig config,
            Authenticator authenticator,
            Models models,
            MeterRegistry meters,
            PrometheusMeterRegistry prometheus) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.config = requireNonNull(config, "config");
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.models = requireNonNull(models, "models");
        this.prometheus = requireNonNull(prometheus, "prometheus");
        HttpServerOptions options = CONNECTIONS
                .addTo(new HttpServerOptions())
                .setHost(config.host())
                .setPort(config.port())
                .setHttp2ClearTextEnabled(false);
        this.tls = new TlsCertificate(config.tls(), vertx, "admin", meters);
        this.storeCalls = vertx.createSharedWorkerExecutor("hemline-store", STORE_THREADS);
        this.scrapes = vertx.createSharedWorkerExecutor("hemline-scrapes", 1);
        this.connections = new ConnectionLimiter("admin", CONNECTIONS, meters);
        this.server = vertx.createHttpServer(tls.addTo(options))
                .requestHandler(router())
                .invalidRequestHandler(request ->
                        MalformedRequests.refuse(request, MalformedRequests.problem(request, CONNECTIONS.maxHeader())))
                .connectionHandler(connections);
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(AdminAccess.sameOrigin(config.hosts()));
        router.route().handler(this::closeConnectionIfClosing);
        SecurityPolicyHandler clients = AdminAccess.requireClient(authenticator);
        SecurityPolicyHandler operators = AdminAccess.requireScope(authenticator, Scope.MODEL_WRITE);
        route(router, HttpMethod.GET, "/metrics", AdminAccess.OPEN, this::metrics);
        route(router, HttpMethod.GET, "/models", clients, this::list);
        route(router, HttpMethod.POST, "/models/:model/promote", operators, this::promote);
        route(router, HttpMethod.POST, "/models/:model/rollback", operators, this::rollback);
        route(router, HttpMethod.POST, "/v2/repository/models/:model/load", operators, AdminListener::rejectLoad);
        route(router, HttpMethod.POST, "/v2/repository/models/:model/unload", operators, AdminListener::rejectLoad);
        router.route()
                .handler(routing -> routing.fail(AdminProblem.notFound(
                        "There is nothing at " + routing.request().path()
                                + "; there are /metrics, /models, /models/{model}/promote and …/rollback.")));
        router.route().failureHandler(AdminListener::respondProblem);
        return router;
    }

    private static void route(
            Router router,
            HttpMethod method,
            String path,
            SecurityPolicyHandler access,
            Handler<RoutingContext> action) {
        router.route(method, path)
                .handler(access)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .handler(AdminListener::requireWholeBody)
                .handler(action);
        router.route(path).handler(routing -> {
            routing.response().putHeader("Allow", method.name());
            routing.fail(AdminProblem.wrongMethod(routing.request().path() + " takes " + method + ", not "
                    + routing.request().method()));
        });
    }

    private void closeConnectionIfClosing(RoutingContext routing) {
        if (connections.isClosing()) {
            routing.response().putHeader("Connection", "close");
        }
        routing.next();
    }

    private static void requireWholeBody(RoutingContext routing) {
        Problem problem = MalformedRequests.body(routing.request());
        if (problem != null) {
            routing.response().putHeader("Connection", "close");
            routing.fail(AdminProblem.malformed(problem.detail()));
            return;
        }
        routing.next();
    }

    /** Binds the listener; completes with its port, which is the configured one unless that is 0. */
    public Future<Integer> open() {
        return server.listen().map(listening -> {
            connections.acceptedBy(listening);
            tls.follow(listening);
            return listening.actualPort();
        });
    }

    /** Stops listening; completes when the in-flight requests are answered, at the latest after {@code timeout}. */
    public Future<Void> close(Duration timeout) {
        tls.close();
        return connections
                .closeListener()
                .compose(closed -> server.shutdown(timeout.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void metrics(RoutingContext routing) {
        respondBlocking(
                scrapes,
                routing,
                prometheus::scrape,
                text -> routing.response().putHeader("Content-Type", PROMETHEUS).end(text));
    }

    private void list(RoutingContext routing) {
        respondBlocking(storeCalls, routing, models::status, listing -> respond(routing, ModelStatusJson.of(listing)));
    }

    private void promote(RoutingContext routing) {
        PointerUpdate update = PointerUpdate.read(routing.body().buffer());
        move(routing, update, update::promote);
    }

    private void rollback(RoutingContext routing) {
        PointerUpdate update = PointerUpdate.read(routing.body().buffer());
        move(routing, update, update::rollback);
    }

    /** A manually loaded version would be replaced at the next poll of the store. */
    private static void rejectLoad(RoutingContext routing) {
        throw AdminProblem.conflict(
                "This server follows a channel of its store, so models are not loaded or unloaded by hand: POST"
                        + " /models/{model}/promote {\"version\": \"7\"} or …/rollback moves the channel.");
    }

    /** Moves the pointer and responds with its target; the channel follower loads it on its own. */
    private void move(RoutingContext routing, PointerUpdate update, ToIntBiFunction<ModelStore, String> move) {
        String model = routing.pathParam("model");
        if (!model.equals(models.config().model())) {
            throw AdminProblem.notFound("No model \"" + model + "\" is served here; \""
                    + models.config().model() + "\" is.");
        }
        respondBlocking(
                storeCalls,
                routing,
                () -> move.applyAsInt(models.store(), model),
                version -> respond(
                        routing,
                        new JsonObject()
                                .put("model", model)
                                .put("channel", update.channel().path())
                                .put("version", Integer.toString(version))));
    }

    /**
     * Calls the store or renders metrics on their own worker threads: a call to a remote store may take ten seconds.
     */
    private static <T> void respondBlocking(
            WorkerExecutor workers, RoutingContext routing, Callable<T> call, Consumer<T> response) {
        workers.executeBlocking(call, false)
                .compose(result -> {
                    response.accept(result);
                    return Future.succeededFuture();
                })
                .onFailure(routing::fail);
    }

    private static void respond(RoutingContext routing, JsonObject json) {
        routing.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json.toBuffer());
    }

    private static void respondProblem(RoutingContext routing) {
        AdminProblem problem = problem(routing);
        if (routing.failure() instanceof AccessDenied denied && denied.challenge() != null) {
            routing.response().putHeader("WWW-Authenticate", denied.challenge());
        }
        routing.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .end(problem.json().toBuffer());
    }

    private static AdminProblem problem(RoutingContext routing) {
        Throwable failure = routing.failure();
        if (failure instanceof AdminProblem problem) {
            return problem;
        }
        if (failure instanceof AccessDenied denied) {
            return AdminProblem.denied(denied);
        }
        if (failure instanceof StoreException conflict) {
            return AdminProblem.conflict(String.valueOf(conflict.getMessage()));
        }
        if (routing.statusCode() == 413) {
            return AdminProblem.malformed("The body must have at most " + MAX_BODY + " bytes.");
        }
        log.error("the admin request {} failed", routing.request().path(), failure);
        return AdminProblem.internal();
    }

    @Override
    public String toString() {
        return config.tls().scheme() + "://" + config.host() + ":" + config.port();
    }
}
