package io.hemline.serving.core;

import io.vertx.core.Future;

/**
 * One step of the way from a request to its answer. Each step wraps the next and says so in its {@code toString}, so that
 * the outermost one prints the whole nest.
 */
@FunctionalInterface
public interface Forecaster {

    /**
     * Answers every question of the request, in question order.
     *
     * @return the answer, or a failed future carrying a {@link ForecastException}
     */
    Future<Answer> forecast(Request request);
}
