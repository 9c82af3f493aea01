package io.hemline.serving.oip.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.vertx.core.Future;

/**
 * One method of the service.
 *
 * <p>Immutable.
 *
 * @param parser reads its request
 * @param action answers it
 * @param isForEveryone whether nobody needs to say who they are
 */
record Method<Q extends MessageLite>(Parser<Q> parser, Action<Q> action, boolean isForEveryone) {

    Method(Parser<Q> parser, Action<Q> action) {
        this(parser, action, false);
    }

    /** The same for everybody, also for those who do not say who they are. */
    Method<Q> forEveryone() {
        return new Method<>(parser, action, true);
    }

    /** The answer; what the action throws is a failed one. */
    Future<? extends MessageLite> answer(Q request, long deadlineNanos) {
        try {
            return action.answer(request, deadlineNanos);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** What a method does. Runs on the event loop and never blocks. */
    @FunctionalInterface
    interface Action<Q> {

        Future<? extends MessageLite> answer(Q request, long deadlineNanos);
    }
}
