package io.hemline.serving.engine;

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
