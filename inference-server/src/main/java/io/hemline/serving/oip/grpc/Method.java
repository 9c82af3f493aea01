package io.hemline.serving.oip.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.Future;

/**
 * One method of a gRPC service.
 *
 * <p>Immutable.
 *
 * @param parser reads the request message
 * @param action answers it
 * @param isAuthenticated whether clients must authenticate
 */
record Method<Q extends MessageLite>(Parser<Q> parser, Action<Q> action, boolean isAuthenticated) {

    Method(Parser<Q> parser, Action<Q> action) {
        this(parser, action, true);
    }

    /** The same method for clients without credentials too. */
    Method<Q> withoutAuthentication() {
        return new Method<>(parser, action, false);
    }

    /** The answer; an exception of the action is a failed one. */
    Future<? extends MessageLite> answer(Q request, long deadlineNanos) {
        try {
            return action.answer(request, deadlineNanos);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** The action of a method. Runs on the event loop and never blocks. */
    @FunctionalInterface
    interface Action<Q> {

        Future<? extends MessageLite> answer(Q request, long deadlineNanos);
    }
}
