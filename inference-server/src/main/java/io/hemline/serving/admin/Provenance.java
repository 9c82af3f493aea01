package io.hemline.serving.admin;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.CrossSite;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a page of another site makes an operator's browser send. Browsers reach listeners that nobody else does.
 *
 * <p>Immutable.
 */
final class Provenance implements Handler<RoutingContext> {

    private final AllowedHosts hosts;

    Provenance(AllowedHosts hosts) {
        this.hosts = requireNonNull(hosts, "hosts");
    }

    @Override
    public void handle(RoutingContext routing) {
        routing.response().putHeader("X-Content-Type-Options", "nosniff");
        AdminProblem problem = problem(routing.request());
        if (problem == null) {
            routing.next();
            return;
        }
        routing.fail(problem);
    }

    private @Nullable AdminProblem problem(HttpServerRequest request) {
        if (!hosts.allow(request)) {
            return AdminProblem.misdirected(
                    "This listener is asked only by the host names of admin.allowed-hosts, or by its address.");
        }
        if (CrossSite.isForeign(request)) {
            return AdminProblem.foreign("Pages of another origin may change nothing here.");
        }
        // A page needs leave to send this type to another origin, and nobody gives it here.
        if (CrossSite.isUnsafe(request) && !isJson(request.headers().getAll("Content-Type"))) {
            return AdminProblem.wrongMediaType("Content-Type: application/json, also without a body.");
        }
        return null;
    }

    private static boolean isJson(List<String> types) {
        if (types.size() != 1) {
            return false;
        }
        String type = types.get(0);
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().equalsIgnoreCase("application/json");
    }
}
