package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.vertx.core.Future;

/**
 * Offers a copy of each computed answer to the shadow version; no client waits for that.
 *
 * <p>Thread-safe: the runner is.
 */
final class ShadowedForecaster implements Forecaster {

    private final ShadowRunner shadow;
    private final Forecaster next;

    ShadowedForecaster(ShadowRunner shadow, Forecaster next) {
        this.shadow = requireNonNull(shadow, "shadow");
        this.next = requireNonNull(next, "next");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        return next.forecast(request).onSuccess(answer -> shadow.offer(request.questions(), answer));
    }

    @Override
    public String toString() {
        return "shadow ▶ " + next;
    }
}
