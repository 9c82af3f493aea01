package io.hemline.serving.cache;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * A question that is being computed, for the request that began the call and those that joined it.
 *
 * <p>Thread-safe: all state is in the promise.
 */
final class InFlightCall {

    private final Promise<ForecastCache.Entry> promise = Promise.promise();

    /** The entry, on the context of the request that joined and not of the one that began the call. */
    Future<ForecastCache.Entry> joined() {
        Context waiting = Vertx.currentContext();
        if (waiting == null) {
            return promise.future();
        }
        Promise<ForecastCache.Entry> own = Promise.promise();
        promise.future()
                .onComplete((answer, failure) -> waiting.runOnContext(ignored -> complete(own, answer, failure)));
        return own.future();
    }

    void complete(ForecastCache.Entry answer) {
        promise.complete(answer);
    }

    void fail(Throwable cause) {
        promise.fail(cause);
    }

    private static void complete(
            Promise<ForecastCache.Entry> own, ForecastCache.Entry answer, @Nullable Throwable failure) {
        if (failure != null) {
            own.fail(failure);
            return;
        }
        own.complete(answer);
    }
}
