package io.hemline.importer.backtest;

/**
 * The answer of a server.
 *
 * @param low quantile 0.1 of each week
 * @param median quantile 0.5
 * @param high quantile 0.9
 * @param direction 1 rising, 0 stable, −1 falling
 */
record ServedForecast(double[] low, double[] median, double[] high, int direction) {}
