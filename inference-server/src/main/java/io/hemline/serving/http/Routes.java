package io.hemline.serving.http;

import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Client.Scope;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Routes each request to its resource. */
final class Routes {

    private Routes() {}

    /** A router of the request lifecycle, the resources, and a problem for all other paths. */
    static Router of(Vertx vertx, RequestLifecycle lifecycle, AccessPolicy access, List<Resource> resources) {
        Router router = Router.router(vertx);
        router.route().handler(lifecycle);
        for (Resource resource : resources) {
            router.route(resource.routePath()).handler(routing -> serve(resource, access, routing));
        }
        router.route().handler(Routes::refuseUnknownPath);
        router.errorHandler(400, routing -> lifecycle.refuse(routing.request(), malformed(routing.request())));
        // OPTIONS alone may have a target without a path.
        router.errorHandler(404, routing -> lifecycle.answerOptions(routing.request(), methods(resources)));
        router.errorHandler(500, routing -> Exchange.of(routing).fail(routing.failure()));
        return router;
    }

    private static void serve(Resource resource, AccessPolicy access, RoutingContext routing) {
        Exchange exchange = Exchange.of(routing);
        exchange.foundRoute(resource.path());
        HttpMethod method = routing.request().method();
        Resource.Action action = resource.action(method);
        if (action == null) {
            routing.response().putHeader("Allow", resource.allow());
            if (method.equals(HttpMethod.OPTIONS)) {
                exchange.answerEmpty();
                return;
            }
            exchange.refuse(Problem.of(
                    ProblemType.METHOD_NOT_ALLOWED,
                    resource.path() + " allows " + resource.allow() + ", not " + SafeText.of(method.name())));
            return;
        }
        if (!resource.isAuthenticated()) {
            act(action, exchange);
            return;
        }
        exchange.admit(access, Scope.FORECAST_READ, () -> act(action, exchange));
    }

    private static void act(Resource.Action action, Exchange exchange) {
        try {
            action.answer(exchange);
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private static void refuseUnknownPath(RoutingContext routing) {
        Exchange exchange = Exchange.of(routing);
        String path = String.valueOf(routing.request().path());
        exchange.refuse(Problem.of(ProblemType.NOT_FOUND, "There is nothing at " + SafeText.of(path) + "; see /docs."));
    }

    /** The problem of a request that the router refuses before its exchange is made. */
    private static Problem malformed(HttpServerRequest request) {
        boolean namesHost = request.authority() != null || request.version() == HttpVersion.HTTP_1_0;
        return Problem.of(
                ProblemType.BAD_REQUEST,
                namesHost
                        ? "The path is not percent-encoded UTF-8 from /."
                        : "Host, in HTTP/2 :authority, must be a name or an address, perhaps with :port.");
    }

    /** The methods of all resources. */
    private static String methods(List<Resource> resources) {
        return resources.stream()
                .flatMap(resource -> Stream.of(resource.allow().split(", ", -1)))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
