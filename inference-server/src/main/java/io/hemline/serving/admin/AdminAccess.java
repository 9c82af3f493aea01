package io.hemline.serving.admin;

import io.hemline.serving.core.CallerContext;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.CrossSite;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The access checks of the admin listener: the origin of a request first, then its client and scope. Both run before
 * the body is read; the router accepts security policies in front of the body handler.
 */
final class AdminAccess {

    /** Admits every request. */
    static final SecurityPolicyHandler OPEN = RoutingContext::next;

    private AdminAccess() {}

    /**
     * Rejects requests that a page of another site makes an operator's browser send; a browser reaches listeners that
     * are closed to the page's own server.
     */
    static Handler<RoutingContext> sameOrigin(AllowedHosts hosts) {
        return routing -> {
            routing.response().putHeader("X-Content-Type-Options", "nosniff");
            AdminProblem problem = originProblem(routing.request(), hosts);
            if (problem == null) {
                routing.next();
            } else {
                routing.fail(problem);
            }
        };
    }

    /** Admits clients with a scope. */
    static SecurityPolicyHandler requireScope(Authenticator authenticator, Scope scope) {
        return routing -> authorize(routing, authenticator, scope);
    }

    /** Admits every authenticated client. */
    static SecurityPolicyHandler requireClient(Authenticator authenticator) {
        return routing -> authorize(routing, authenticator, null);
    }

    private static @Nullable AdminProblem originProblem(HttpServerRequest request, AllowedHosts hosts) {
        if (!hosts.allow(request)) {
            return AdminProblem.misdirected(
                    "This listener accepts only the host names of admin.allowed-hosts and its own address.");
        }
        if (CrossSite.isForeign(request)) {
            return AdminProblem.foreign("Requests of another origin may not change anything.");
        }
        // Browsers send this type to another origin only after a CORS preflight, which this listener never grants.
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

    private static void authorize(RoutingContext routing, Authenticator authenticator, @Nullable Scope scope) {
        HttpServerRequest request = routing.request();
        Client known = authenticator.tryAuthenticate(request.headers());
        if (known != null) {
            authorize(routing, known, scope);
            return;
        }
        request.pause();
        CallerContext.completed(authenticator.authenticate(request.headers())).onComplete((client, failure) -> {
            request.resume();
            if (failure == null) {
                authorize(routing, client, scope);
            } else {
                routing.fail(failure);
            }
        });
    }

    private static void authorize(RoutingContext routing, Client client, @Nullable Scope scope) {
        if (scope != null && !client.may(scope)) {
            routing.fail(AccessDenied.missingScope(client, scope));
            return;
        }
        routing.next();
    }
}
