package io.hemline.serving.cache;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * A question that somebody is already having answered.
 *
 * <p>Thread-safe: all state is in the promise.
 */
final class Flight {

    private final Promise<Remembered> promise = Promise.promise();

    /** The one answer, on the context of whoever waits for it and not of whoever asked first. */
    Future<Remembered> joined() {
        Context waiting = Vertx.currentContext();
        if (waiting == null) {
            return promise.future();
        }
        Promise<Remembered> own = Promise.promise();
        promise.future()
                .onComplete((answer, failure) -> waiting.runOnContext(ignored -> complete(own, answer, failure)));
        return own.future();
    }

    void land(Remembered answer) {
        promise.complete(answer);
    }

    void crash(Throwable cause) {
        promise.fail(cause);
    }

    private static void complete(Promise<Remembered> own, Remembered answer, @Nullable Throwable failure) {
        if (failure != null) {
            own.fail(failure);
            return;
        }
        own.complete(answer);
    }
}
