package io.hemline.serving.oip.grpc;

import io.hemline.serving.http.BodyBudget;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of a call as they arrive, before a message is whole and the handlers of the call see it. Bytes
 * beyond the budget are dropped.
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

    /** Sets the action for a call whose bytes exceed the budget. */
    void onRefusal(Runnable then) {
        refusal = then;
    }

    /** Drops all further bytes. */
    void drop() {
        dropped = true;
    }

    /** The bytes counted since the last call, whose release becomes the task of the caller. */
    long transferBytes() {
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
