package io.hemline.serving.cache;

import io.hemline.serving.forecast.Forecast;
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

    private final Promise<Forecast> promise = Promise.promise();

    /** The one answer, on the context of whoever waits for it and not of whoever asked first. */
    Future<Forecast> joined() {
        Context waiting = Vertx.currentContext();
        if (waiting == null) {
            return promise.future();
        }
        Promise<Forecast> own = Promise.promise();
        promise.future()
                .onComplete((forecast, failure) -> waiting.runOnContext(ignored -> complete(own, forecast, failure)));
        return own.future();
    }

    void land(Forecast forecast) {
        promise.complete(forecast);
    }

    void crash(Throwable cause) {
        promise.fail(cause);
    }

    private static void complete(Promise<Forecast> own, Forecast forecast, @Nullable Throwable failure) {
        if (failure != null) {
            own.fail(failure);
            return;
        }
        own.complete(forecast);
    }
}
