package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.List;

/**
 * The forecast of one trend for the coming 13 weeks.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param features that the forecast was computed from
 * @param quantiles {@code [week][level]}, levels ascending as in {@link #LEVELS}, in the unit of the series
 * @param trendClass the class that the model gives it; stable wherever there is no score
 * @param drivers the weights of variables and weeks
 */
public record Forecast(Features features, float[][] quantiles, TrendClass trendClass, Drivers drivers) {

    /** The number of weeks ahead: three months. */
    public static final int HORIZON = 13;

    /** Under this many observed weeks a trend counts as cold. */
    public static final int COLD_START_WEEKS = 52;

    /** The quantile levels, in the order of the columns. */
    public static final List<String> LEVELS = List.of("0.1", "0.5", "0.9");

    /**
     * The smallest recent mean that has a score, 14 orders of magnitude below the smallest with a guaranteed exact one.
     * In float32 the forecasts of a graph underflow to 0 below 1e-30; that is no fall of 100 %.
     */
    private static final double SMALLEST_MEAN = 1e-20;

    private static final int MEDIAN = 1;

    public Forecast {
        requireNonNull(features, "features");
        requireNonNull(trendClass, "trendClass");
        requireNonNull(drivers, "drivers");
        if (quantiles.length != HORIZON) {
            throw new IllegalArgumentException("quantiles: " + HORIZON + " weeks, not " + quantiles.length);
        }
        trendClass = hasScore(features) ? trendClass : TrendClass.STABLE;
    }

    private static boolean hasScore(Features features) {
        return features.series().recentMean(HORIZON) >= SMALLEST_MEAN;
    }

    /** The Monday that begins week {@code step} of the forecast, 0 being the first. */
    public LocalDate week(int step) {
        return features.series().lastWeek().plusWeeks(step + 1L);
    }

    /** The mean volume of the observed weeks among the last 13, {@code NaN} if there is none. */
    public double recentVolume() {
        return features.series().recentMean(HORIZON);
    }

    /** The change of the coming 13 weeks against the last 13; {@code NaN} without a mean to compare with. */
    public double trendScore() {
        if (!hasScore(features)) {
            return Double.NaN;
        }
        double sum = 0;
        for (float[] week : quantiles) {
            sum += week[MEDIAN];
        }
        return sum / HORIZON / recentVolume() - 1;
    }

    /** Whether less than a year was observed. */
    public boolean coldStart() {
        return features.series().observedWeeks() < COLD_START_WEEKS;
    }

    /**
     * The weights of variables and weeks in a forecast.
     *
     * <p>Immutable by convention: arrays are shared and never written.
     *
     * @param names of the variables
     * @param variableWeights one for each name, summing to 1
     * @param weekWeights one for each week of the model's context, oldest first and ending with the last week; summing
     *     to 1
     */
    public record Drivers(List<String> names, float[] variableWeights, float[] weekWeights) {

        public Drivers {
            names = List.copyOf(names);
            if (names.size() != variableWeights.length) {
                throw new IllegalArgumentException(
                        "variableWeights: one for each of " + names + ", not " + variableWeights.length);
            }
        }
    }

    /** The class that a model gives a trend, where its quantiles support it. */
    public enum TrendClass {
        FALLING("falling"),
        STABLE("stable"),
        RISING("rising");

        private final String word;

        TrendClass(String word) {
            this.word = word;
        }

        /** The class of the graph's output: −1 falling, 0 stable, 1 rising. */
        public static TrendClass ofSign(long sign) {
            if (sign < 0) {
                return FALLING;
            }
            return sign > 0 ? RISING : STABLE;
        }

        /** The name in responses. */
        public String word() {
            return word;
        }
    }
}
