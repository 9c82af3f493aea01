package io.hemline.serving.core;

import io.vertx.core.Future;

/**
 * A step of the path from a request to its answer. Each step wraps the next and prints both in its {@code toString}, so
 * that the first one prints the whole path.
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
