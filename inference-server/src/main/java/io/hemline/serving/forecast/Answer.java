package io.hemline.serving.forecast;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The forecasts of one request, in question order, all by one model version.
 *
 * <p>Immutable.
 *
 * @param forecasts one for each question
 * @param model the version that made them
 * @param cacheHits how many of them came from the cache
 */
public record Answer(List<Forecast> forecasts, ModelIdentity model, int cacheHits) {

    public Answer {
        forecasts = List.copyOf(forecasts);
        requireNonNull(model, "model");
    }
}
