package io.hemline.serving.engine;

import org.jspecify.annotations.Nullable;

/**
 * One row of the forecaster's inputs.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param history {@code [week][variable]}, row-major, oldest first, ending with the last week; unobserved = 0
 * @param observed whether each cell of the history was observed
 * @param lastWeek days since 1970-01-01
 * @param staticIds market, gender, category; 0 = unknown
 * @param embedding of the image; {@code null} counts as zeros
 * @param hasImage whether the embedding is present
 */
public record Row(
        float[] history,
        boolean[] observed,
        long lastWeek,
        long[] staticIds,
        float @Nullable [] embedding,
        boolean hasImage) {

    /**
     * One row of the forecaster's outputs.
     *
     * <p>Immutable by convention: arrays are shared and never written.
     *
     * @param quantiles {@code [13][3]}
     * @param trendClass −1 falling, 0 stable, 1 rising
     * @param variableWeights one for each driver, summing to 1
     * @param weekWeights one for each week of the history, summing to 1
     */
    public record RowForecast(float[][] quantiles, long trendClass, float[] variableWeights, float[] weekWeights) {}
}
