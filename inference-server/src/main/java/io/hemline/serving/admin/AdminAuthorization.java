package io.hemline.serving.admin;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Scope;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who may, before anything of the body is read; as a handler of security policies it may stand before the body's.
 *
 * <p>Immutable.
 */
final class AdminAuthorization implements SecurityPolicyHandler {

    /** Lets everyone in. */
    static final SecurityPolicyHandler OPEN = RoutingContext::next;

    private final Authenticator gate;
    private final @Nullable Scope needed;

    private AdminAuthorization(Authenticator gate, @Nullable Scope needed) {
        this.gate = requireNonNull(gate, "gate");
        this.needed = needed;
    }

    /** Lets in clients with that scope. */
    static AdminAuthorization of(Authenticator gate, Scope needed) {
        return new AdminAuthorization(gate, needed);
    }

    /** Lets in every client that is known. */
    static AdminAuthorization ofClients(Authenticator gate) {
        return new AdminAuthorization(gate, null);
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        Client known = gate.known(request.headers());
        if (known != null) {
            enter(routing, known);
            return;
        }
        Context loop = routing.vertx().getOrCreateContext();
        request.pause();
        gate.admit(request.headers())
                .onComplete((client, failure) -> loop.runOnContext(now -> {
                    request.resume();
                    if (failure == null) {
                        enter(routing, client);
                    } else {
                        routing.fail(failure);
                    }
                }));
    }

    private void enter(RoutingContext routing, Client client) {
        if (needed != null && !client.may(needed)) {
            routing.fail(AccessDenied.lacking(client, needed));
            return;
        }
        routing.next();
    }
}
