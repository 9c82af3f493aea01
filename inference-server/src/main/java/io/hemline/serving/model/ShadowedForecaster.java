package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.Request;
import io.vertx.core.Future;

/**
 * Hands copies of what was computed to the shadow, which nobody waits for.
 *
 * <p>Thread-safe: as the lane is.
 */
final class ShadowedForecaster implements Forecaster {

    private final Forecaster next;
    private final ShadowLane lane;

    ShadowedForecaster(Forecaster next, ShadowLane lane) {
        this.next = requireNonNull(next, "next");
        this.lane = requireNonNull(lane, "lane");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        return next.forecast(request).onSuccess(answer -> lane.offer(request.questions(), answer));
    }

    @Override
    public String toString() {
        return next.toString();
    }
}
