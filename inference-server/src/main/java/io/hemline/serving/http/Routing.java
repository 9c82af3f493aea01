package io.hemline.serving.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Leads each request to its resource. */
final class Routing {

    private Routing() {}

    /** The router: the entrance, the resources, and an answer to all other paths. */
    static Router of(Vertx vertx, Entrance entrance, List<Resource> resources) {
        Router router = Router.router(vertx);
        router.route().handler(entrance);
        for (Resource resource : resources) {
            router.route(resource.routePath()).handler(routing -> serve(resource, routing));
        }
        router.route().handler(Routing::refuseUnknownPath);
        router.route().failureHandler(Routing::refuseFailed);
        return router;
    }

    private static void serve(Resource resource, RoutingContext routing) {
        Exchange exchange = Exchange.of(routing);
        exchange.foundRoute(resource.path());
        HttpMethod method = routing.request().method();
        Action action = resource.action(method);
        if (action == null) {
            routing.response().putHeader("Allow", resource.allow());
            if (method.equals(HttpMethod.OPTIONS)) {
                exchange.answerEmpty();
                return;
            }
            exchange.refuse(Problem.of(
                    ProblemType.METHOD_NOT_ALLOWED,
                    resource.path() + " allows " + resource.allow() + ", not " + Shown.of(method.name())));
            return;
        }
        try {
            action.answer(exchange);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private static void refuseUnknownPath(RoutingContext routing) {
        Exchange exchange = Exchange.of(routing);
        String path = String.valueOf(routing.request().path());
        exchange.refuse(Problem.of(ProblemType.NOT_FOUND, "There is nothing at " + Shown.of(path) + "; see /docs."));
    }

    private static void refuseFailed(RoutingContext routing) {
        Exchange exchange = Exchange.of(routing);
        if (routing.statusCode() == 400) {
            exchange.refuse(Problem.of(ProblemType.BAD_REQUEST, "The path is not percent-encoded UTF-8."));
            return;
        }
        exchange.fail(new IllegalStateException("status " + routing.statusCode(), routing.failure()));
    }
}
