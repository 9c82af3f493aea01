package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.vertx.core.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Publishes the forecasts of known trends that were computed for callers. It comes after the cache, so cache hits are
 * not published.
 *
 * <p>Thread-safe: {@code enabled} is volatile and only changes to true.
 */
final class PublishingForecaster implements Forecaster {

    /*
     * Before a version is live, only the server itself calls it, to warm up its cache; those forecasts are not
     * published. Callers of a version may still be answered after its successor went live; those forecasts are.
     */
    private final Forecaster next;
    private final BiConsumer<Forecast, ModelIdentity> publisher;
    private final BooleanSupplier live;
    private volatile boolean enabled;

    PublishingForecaster(BiConsumer<Forecast, ModelIdentity> publisher, BooleanSupplier live, Forecaster next) {
        this.next = requireNonNull(next, "next");
        this.publisher = requireNonNull(publisher, "publisher");
        this.live = requireNonNull(live, "live");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        if (!enabled) {
            if (!live.getAsBoolean()) {
                return next.forecast(request);
            }
            enabled = true;
        }
        return next.forecast(request).onSuccess(answer -> publish(request, answer));
    }

    private void publish(Request request, Answer answer) {
        for (int i = 0; i < answer.forecasts().size(); i++) {
            if (request.questions().get(i) instanceof TrendQuestion) {
                publisher.accept(answer.forecasts().get(i), answer.model());
            }
        }
    }

    @Override
    public String toString() {
        return "published events ▶ " + next;
    }
}
