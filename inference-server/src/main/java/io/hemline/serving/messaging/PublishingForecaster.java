package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.TrendQuestion;
import io.vertx.core.Future;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Has it told what is computed for callers about known trends. Stands below the cache, so that it meets no hit, and beside
 * the way of the background.
 *
 * <p>Thread-safe: {@code begun} is volatile and only ever becomes true.
 */
final class PublishingForecaster implements Forecaster {

    /*
     * Before a version is live nobody but the server itself asks it, to fill its memory; that is not told. Once it was
     * live its callers may still be answered after its successor took over; that is.
     */
    private final Forecaster next;
    private final BiConsumer<Forecast, ModelIdentity> told;
    private final BooleanSupplier live;
    private volatile boolean begun;

    PublishingForecaster(BiConsumer<Forecast, ModelIdentity> told, BooleanSupplier live, Forecaster next) {
        this.next = requireNonNull(next, "next");
        this.told = requireNonNull(told, "told");
        this.live = requireNonNull(live, "live");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        if (!begun) {
            if (!live.getAsBoolean()) {
                return next.forecast(request);
            }
            begun = true;
        }
        return next.forecast(request).onSuccess(answer -> tell(request, answer));
    }

    private void tell(Request request, Answer answer) {
        for (int i = 0; i < answer.forecasts().size(); i++) {
            if (request.questions().get(i) instanceof TrendQuestion) {
                told.accept(answer.forecasts().get(i), answer.model());
            }
        }
    }

    @Override
    public String toString() {
        return "published events ▶ " + next;
    }
}
