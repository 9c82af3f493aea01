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
final class InFlightCall {

    private final Promise<CachedForecast> promise = Promise.promise();

    /** The one answer, on the context of whoever waits for it and not of whoever asked first. */
    Future<CachedForecast> joined() {
        Context waiting = Vertx.currentContext();
        if (waiting == null) {
            return promise.future();
        }
        Promise<CachedForecast> own = Promise.promise();
        promise.future()
                .onComplete((answer, failure) -> waiting.runOnContext(ignored -> complete(own, answer, failure)));
        return own.future();
    }

    void land(CachedForecast answer) {
        promise.complete(answer);
    }

    void crash(Throwable cause) {
        promise.fail(cause);
    }

    private static void complete(Promise<CachedForecast> own, CachedForecast answer, @Nullable Throwable failure) {
        if (failure != null) {
            own.fail(failure);
            return;
        }
        own.complete(answer);
    }
}
