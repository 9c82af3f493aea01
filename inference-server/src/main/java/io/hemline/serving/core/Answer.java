package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The forecasts of one request, in question order, all by one model version.
 *
 * <p>Immutable.
 *
 * @param forecasts one for each question
 * @param model the version that made them
 * @param freshness how old they are
 */
public record Answer(List<Forecast> forecasts, ModelIdentity model, Freshness freshness) {

    public Answer {
        forecasts = List.copyOf(forecasts);
        requireNonNull(model, "model");
        requireNonNull(freshness, "freshness");
    }

    /** An answer that was just computed. */
    public static Answer made(List<Forecast> forecasts, ModelIdentity model) {
        return new Answer(forecasts, model, Freshness.ofNow());
    }

    /** Whether every forecast came from the cache. */
    public boolean isHit() {
        return freshness.hits() == forecasts.size();
    }
}
