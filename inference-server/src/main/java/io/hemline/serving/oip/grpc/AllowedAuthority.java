package io.hemline.serving.oip.grpc;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.AllowedHosts;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcStatus;

/**
 * Refuses calls under a name that is not this server's, while nobody is asked who they are.
 *
 * <p>Immutable.
 */
final class AllowedAuthority implements Handler<HttpServerRequest> {

    private final AllowedHosts hosts;
    private final Handler<HttpServerRequest> next;

    AllowedAuthority(AllowedHosts hosts, Handler<HttpServerRequest> next) {
        this.hosts = requireNonNull(hosts, "hosts");
        this.next = requireNonNull(next, "next");
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (hosts.allow(request)) {
            next.handle(request);
            return;
        }
        // The status of HTTP is always 200, or clients would not read that of gRPC.
        request.response()
                .putHeader("content-type", "application/grpc")
                .putHeader("grpc-status", Integer.toString(GrpcStatus.PERMISSION_DENIED.code))
                .putHeader(
                        "grpc-message",
                        "This server is called without a key only by the host names of http.allowed-hosts.")
                .end();
    }
}
