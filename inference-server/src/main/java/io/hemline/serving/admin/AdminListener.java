package io.hemline.serving.admin;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.http.ConnectionConfig;
import io.hemline.serving.http.ConnectionLimiter;
import io.hemline.serving.http.Http2Limits;
import io.hemline.serving.http.MalformedRequests;
import io.hemline.serving.http.Problem;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Scope;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' listener: metrics, the versions and their states, promote and roll back.
 *
 * <p>Immutable; what it tells and moves is elsewhere.
 */
public final class AdminListener {

    private static final Logger log = LoggerFactory.getLogger(AdminListener.class);
    private static final int MAX_BODY = 10_000;
    private static final int STORE_THREADS = 4;
    private static final ConnectionConfig CONNECTIONS = ConnectionConfig.defaults();
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final AdminConfig config;
    private final Authenticator gate;
    private final Models models;
    private final PrometheusMeterRegistry prometheus;
    private final TlsCertificate tls;
    private final WorkerExecutor storeCalls;
    private final WorkerExecutor scrapes;
    private final ConnectionLimiter connections;
    private final HttpServer server;

    /**
     * Makes the listener, still shut.
     *
     * @param meters counts its connections
     * @param prometheus what {@code /metrics} tells
     */
    public AdminListener(
            Vertx vertx,
            AdminConfig config,
            Authenticator gate,
            Models models,
            MeterRegistry meters,
            PrometheusMeterRegistry prometheus) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.config = requireNonNull(config, "config");
        this.gate = requireNonNull(gate, "gate");
        this.models = requireNonNull(models, "models");
        this.prometheus = requireNonNull(prometheus, "prometheus");
        HttpServerOptions options = Http2Limits.addTo(new HttpServerOptions(), CONNECTIONS)
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
        router.route().handler(new Provenance(config.hosts()));
        AdminAuthorization clients = AdminAuthorization.ofClients(gate);
        AdminAuthorization operators = AdminAuthorization.of(gate, Scope.MODEL_WRITE);
        router.route().handler(this::endAfterClosing);
        serve(router, HttpMethod.GET, "/metrics", AdminAuthorization.OPEN, this::metrics);
        serve(router, HttpMethod.GET, "/models", clients, this::list);
        serve(router, HttpMethod.POST, "/models/:model/promote", operators, this::promote);
        serve(router, HttpMethod.POST, "/models/:model/rollback", operators, this::rollback);
        serve(router, HttpMethod.POST, "/v2/repository/models/:model/load", operators, AdminListener::refuseToLoad);
        serve(router, HttpMethod.POST, "/v2/repository/models/:model/unload", operators, AdminListener::refuseToLoad);
        router.route()
                .handler(routing -> routing.fail(AdminProblem.notFound(
                        "There is nothing at " + routing.request().path()
                                + "; there are /metrics, /models, /models/{model}/promote and …/rollback.")));
        router.route().failureHandler(AdminListener::refuse);
        return router;
    }

    private static void serve(
            Router router,
            HttpMethod method,
            String path,
            SecurityPolicyHandler admission,
            Handler<RoutingContext> action) {
        router.route(method, path)
                .handler(admission)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .handler(AdminListener::requireWholeBody)
                .handler(action);
        router.route(path).handler(routing -> {
            routing.response().putHeader("Allow", method.name());
            routing.fail(AdminProblem.wrongMethod(routing.request().path() + " takes " + method + ", not "
                    + routing.request().method()));
        });
    }

    private void endAfterClosing(RoutingContext routing) {
        if (connections.isClosing()) {
            routing.response().putHeader("Connection", "close");
        }
        routing.next();
    }

    private static void requireWholeBody(RoutingContext routing) {
        Problem broken = MalformedRequests.body(routing.request());
        if (broken != null) {
            routing.response().putHeader("Connection", "close");
            routing.fail(AdminProblem.malformed(broken.detail()));
            return;
        }
        routing.next();
    }

    /** Starts to listen; completes with the port, which is the configured one unless that is 0. */
    public Future<Integer> open() {
        return server.listen().map(listening -> {
            tls.follow(listening);
            return listening.actualPort();
        });
    }

    /** Listens no more, and completes when what was asked has been answered, at the latest after {@code atMost}. */
    public Future<Void> close(Duration atMost) {
        tls.close();
        return connections.closeListener().compose(closed -> server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void metrics(RoutingContext routing) {
        answerLater(
                scrapes,
                routing,
                prometheus::scrape,
                text -> routing.response().putHeader("Content-Type", PROMETHEUS).end(text));
    }

    private void list(RoutingContext routing) {
        answerLater(storeCalls, routing, models::listing, listing -> answer(routing, ListingJson.of(listing)));
    }

    private void promote(RoutingContext routing) {
        PointerUpdate wish = PointerUpdate.read(routing.body().buffer());
        move(routing, wish, (store, model) -> {
            int version = wish.namedVersion(store, model);
            store.promote(model, version, wish.channel());
            return version;
        });
    }

    private void rollback(RoutingContext routing) {
        PointerUpdate wish = PointerUpdate.read(routing.body().buffer());
        move(routing, wish, (store, model) -> {
            if (wish.version().isEmpty()) {
                return store.rollback(model, wish.channel());
            }
            store.rollback(model, wish.channel(), wish.version().getAsInt());
            return wish.version().getAsInt();
        });
    }

    /** Who loads by hand expects that it lasts; here the next look at the store would undo it. */
    private static void refuseToLoad(RoutingContext routing) {
        throw AdminProblem.refused("This server follows a channel of its store, so models are not loaded or unloaded by"
                + " hand: POST /models/{model}/promote {\"version\": \"7\"} or …/rollback moves the channel.");
    }

    /** Moves the pointer and answers with it; the watcher sees it by itself. */
    private void move(RoutingContext routing, PointerUpdate wish, Move move) {
        String model = routing.pathParam("model");
        if (!model.equals(models.config().model())) {
            throw AdminProblem.notFound("No model \"" + model + "\" is served here; \""
                    + models.config().model() + "\" is.");
        }
        answerLater(
                storeCalls,
                routing,
                () -> move.to(models.store(), model),
                version -> answer(
                        routing,
                        new JsonObject()
                                .put("model", model)
                                .put("channel", wish.channel().path())
                                .put("version", version.toString())));
    }

    /**
     * The store is on a disk or further away, where a call may take ten seconds: whoever waits for it does so off the event
     * loop, and on threads of their own, so that metrics are told meanwhile.
     */
    private static <T> void answerLater(
            WorkerExecutor workers, RoutingContext routing, Callable<T> reading, Consumer<T> answer) {
        workers.executeBlocking(reading, false)
                .compose(read -> {
                    answer.accept(read);
                    return Future.succeededFuture();
                })
                .onFailure(routing::fail);
    }

    private static void answer(RoutingContext routing, JsonObject json) {
        routing.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json.toBuffer());
    }

    private static void refuse(RoutingContext routing) {
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
        if (failure instanceof AdminProblem known) {
            return known;
        }
        if (failure instanceof AccessDenied denied) {
            return AdminProblem.denied(denied);
        }
        if (failure instanceof StoreException refused) {
            return AdminProblem.refused(String.valueOf(refused.getMessage()));
        }
        if (routing.statusCode() == 413) {
            return AdminProblem.malformed("The body must have at most " + MAX_BODY + " bytes.");
        }
        log.error("the admin request {} failed", routing.request().path(), failure);
        return AdminProblem.broken();
    }

    @Override
    public String toString() {
        return config.tls().scheme() + "://" + config.host() + ":" + config.port();
    }

    /** Moves a pointer and tells where it points now. Blocks. */
    @FunctionalInterface
    private interface Move {

        Integer to(ModelStore store, String model);
    }
}
