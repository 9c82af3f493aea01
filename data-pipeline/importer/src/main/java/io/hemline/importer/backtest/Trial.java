package io.hemline.importer.backtest;

import io.hemline.importer.weekly.WeeklySeries;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One series cut at one origin: what was known, and what came.
 *
 * <p>Immutable: the arrays are never written.
 *
 * @param series that is cut
 * @param lastWeek the Monday of the last known week
 * @param history weeks up to it, oldest first, NaN = not observed
 * @param actual the 13 weeks after it
 * @param scale the denominator of MASE
 */
record Trial(WeeklySeries series, LocalDate lastWeek, double[] history, double[] actual, double scale) {

    private static final int FEWEST_SEASONAL_PAIRS = 26;
    private static final int FEWEST_PAIRS = 4;

    /**
     * The trials of a series at the latest origins, 13 weeks apart, that leave a history of the given length. Origins
     * whose outcome was not observed at all, or whose history is constant, give none.
     */
    static List<Trial> of(WeeklySeries series, int origins, int shortest) {
        List<Trial> trials = new ArrayList<>();
        double[] all = series.volume();
        for (int back = 1; back <= origins; back++) {
            int cut = all.length - back * Baseline.HORIZON;
            if (cut < shortest) {
                break;
            }
            double[] history = Arrays.copyOf(all, cut);
            double[] actual = Arrays.copyOfRange(all, cut, cut + Baseline.HORIZON);
            double scale = scale(history);
            if (scale > 0 && Arrays.stream(actual).anyMatch(value -> !Double.isNaN(value))) {
                trials.add(new Trial(
                        series, series.lastWeek().minusWeeks((long) back * Baseline.HORIZON), history, actual, scale));
            }
        }
        return trials;
    }

    /** Mean absolute change over a year, or over a week where too few yearly pairs are known; NaN without either. */
    static double scale(double[] history) {
        double[] yearly = changes(history, Baseline.YEAR);
        double[] weekly = changes(history, 1);
        double[] chosen = yearly.length >= FEWEST_SEASONAL_PAIRS
                ? yearly
                : weekly.length >= FEWEST_PAIRS ? weekly : new double[0];
        return Arrays.stream(chosen).average().orElse(Double.NaN);
    }

    private static double[] changes(double[] history, int lag) {
        return IntStream.range(lag, history.length)
                .mapToDouble(i -> Math.abs(history[i] - history[i - lag]))
                .filter(change -> !Double.isNaN(change))
                .toArray();
    }

    /** The score that came: the mean of the outcome against the mean of the last quarter; NaN where undefined. */
    double score() {
        return score(actual);
    }

    /** The score of a forecast path. */
    double score(double[] path) {
        double level = Baseline.mean(history, history.length - Baseline.HORIZON, history.length);
        return level > 0 ? Baseline.mean(path, 0, path.length) / level - 1 : Double.NaN;
    }

    /** The sum of the absolute errors of a path over the observed weeks. */
    double error(double[] path) {
        double sum = 0;
        for (int i = 0; i < actual.length; i++) {
            sum += Double.isNaN(actual[i]) ? 0 : Math.abs(actual[i] - path[i]);
        }
        return sum;
    }

    int observed() {
        return (int) Arrays.stream(actual).filter(value -> !Double.isNaN(value)).count();
    }
}
