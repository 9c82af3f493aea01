package io.hemline.importer.backtest;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The accuracy of one method over all trials; NaN where no trial defines a figure.
 *
 * @param method in words
 * @param mase mean over the trials of the mean absolute error ÷ the trial's scale
 * @param wape sum of absolute errors ÷ sum of outcomes
 * @param maeTrendScore mean absolute error of the trend score
 * @param errors mean absolute error ÷ scale of each trial
 */
record Accuracy(String method, double mase, double wape, double maeTrendScore, double[] errors) {

    static Accuracy of(String method, List<Trial> trials, List<double[]> paths) {
        double[] errors = new double[trials.size()];
        double error = 0;
        double outcome = 0;
        double[] scores = new double[trials.size()];
        for (int i = 0; i < errors.length; i++) {
            Trial trial = trials.get(i);
            double sum = trial.error(paths.get(i));
            errors[i] = sum / trial.observed() / trial.scale();
            error += sum;
            outcome += Arrays.stream(trial.actual())
                    .filter(value -> !Double.isNaN(value))
                    .sum();
            scores[i] = Math.abs(trial.score(paths.get(i)) - trial.score());
        }
        return new Accuracy(method, mean(errors), outcome > 0 ? error / outcome : Double.NaN, mean(scores), errors);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** How calls and intervals held. */
    record Calibration(int called, int right, int judged, double coverage) {

        static Calibration of(List<Trial> trials, List<ServedForecast> forecasts) {
            int called = 0;
            int right = 0;
            int judged = 0;
            int inside = 0;
            int weeks = 0;
            for (int i = 0; i < trials.size(); i++) {
                Trial trial = trials.get(i);
                ServedForecast forecast = forecasts.get(i);
                double score = trial.score();
                if (!Double.isNaN(score)) {
                    judged++;
                    called += forecast.direction() == 0 ? 0 : 1;
                    right += forecast.direction() != 0 && forecast.direction() == Math.signum(score) ? 1 : 0;
                }
                for (int week = 0; week < trial.actual().length; week++) {
                    double value = trial.actual()[week];
                    weeks += Double.isNaN(value) ? 0 : 1;
                    inside += value >= forecast.low()[week] && value <= forecast.high()[week] ? 1 : 0;
                }
            }
            return new Calibration(called, right, judged, (double) inside / Math.max(1, weeks));
        }

        double precision() {
            return called == 0 ? Double.NaN : (double) right / called;
        }
    }

    /** The mean error of each series, in the order of their first trials. */
    static double[] bySeries(List<Trial> trials, double[] errors) {
        List<Object> series =
                trials.stream().map(trial -> (Object) trial.series()).distinct().toList();
        ToDoubleFunction<Object> mean = each -> IntStream.range(0, errors.length)
                .filter(i -> trials.get(i).series() == each)
                .mapToDouble(i -> errors[i])
                .average()
                .orElse(Double.NaN);
        return series.stream().mapToDouble(mean).toArray();
    }
}
