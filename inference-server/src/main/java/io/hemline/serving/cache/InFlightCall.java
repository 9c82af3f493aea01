package io.hemline.serving.cache;

import io.hemline.serving.core.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * A question that is being computed, for the request that began the call and those that joined it.
 *
 * <p>Thread-safe: all state is in the promise.
 */
final class InFlightCall {

    private final Promise<ForecastCache.Entry> promise = Promise.promise();

    /** The entry, on the context of the request that joined and not of the one that began the call. */
    Future<ForecastCache.Entry> joined() {
        return CallerContext.completed(promise.future());
    }

    void complete(ForecastCache.Entry answer) {
        promise.complete(answer);
    }

    void fail(Throwable cause) {
        promise.fail(cause);
    }
}
