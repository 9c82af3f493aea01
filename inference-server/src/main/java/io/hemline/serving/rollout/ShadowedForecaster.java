package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.vertx.core.Future;

/**
 * Hands copies of what was computed to the shadow, which nobody waits for.
 *
 * <p>Thread-safe: as the lane is.
 */
final class ShadowedForecaster implements Forecaster {

    private final Forecaster next;
    private final ShadowRunner lane;

    ShadowedForecaster(Forecaster next, ShadowRunner lane) {
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
