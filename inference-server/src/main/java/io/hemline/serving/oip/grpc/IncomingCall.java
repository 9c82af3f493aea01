package io.hemline.serving.oip.grpc;

import io.hemline.serving.http.BodyBudget;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a call as they arrive: counted while no message is whole, which is when the calls' own handlers see
 * nothing of them yet. What finds no room is dropped.
 *
 * <p>Confined to one event loop.
 */
final class IncomingCall extends HttpServerRequestWrapper {

    private final BodyBudget bodies;
    private Runnable refusal = () -> {};
    private long held;
    private boolean dropped;

    IncomingCall(HttpServerRequest request, BodyBudget bodies) {
        super((HttpServerRequestInternal) request);
        this.bodies = bodies;
    }

    /** What to do when the rest of the call finds no room. */
    void onRefusal(Runnable then) {
        refusal = then;
    }

    /** Drops what still comes. */
    void drop() {
        dropped = true;
    }

    /** Takes over what was counted up to now. */
    long handOver() {
        long bytes = held;
        held = 0;
        return bytes;
    }

    @Override
    public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
        super.handler(handler == null ? null : chunk -> take(chunk, handler));
        return this;
    }

    private void take(Buffer chunk, Handler<Buffer> next) {
        if (dropped) {
            return;
        }
        if (!bodies.take(chunk.length())) {
            dropped = true;
            refusal.run();
            return;
        }
        held += chunk.length();
        next.handle(chunk);
    }
}
