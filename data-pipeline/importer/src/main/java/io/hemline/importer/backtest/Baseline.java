package io.hemline.importer.backtest;

import java.util.Arrays;

/**
 * Simple forecasts of the next 13 weeks from a weekly history with NaN for unobserved weeks, oldest first. They are those
 * of the trainer's evaluation ({@code hemline_trainer.evaluation.baselines}), and the mean of the last quarter.
 */
enum Baseline {
    LAST_VALUE("last value") {
        @Override
        double[] forecast(double[] history) {
            return repeated(last(history));
        }
    },
    FLAT_MEAN("mean of the last quarter") {
        @Override
        double[] forecast(double[] history) {
            return repeated(level(history));
        }
    },
    SEASONAL_NAIVE("seasonal naive") {
        @Override
        double[] forecast(double[] history) {
            double[] forecast = repeated(last(history));
            for (int i = 0; i < HORIZON && history.length >= YEAR; i++) {
                double yearBefore = history[history.length - YEAR + i];
                forecast[i] = Double.isNaN(yearBefore) ? forecast[i] : yearBefore;
            }
            return forecast;
        }
    },
    NAIVE_COMBINATION("naive combination") {
        @Override
        double[] forecast(double[] history) {
            double[] season = SEASONAL_NAIVE.forecast(history);
            double ratio = ratio(history);
            double level = level(history);
            double[] forecast = new double[HORIZON];
            for (int i = 0; i < HORIZON; i++) {
                forecast[i] = (season[i] + season[i] * ratio + level) / 3;
            }
            return forecast;
        }
    };

    static final int HORIZON = 13;
    static final int YEAR = 52;

    private static final double LEAST_RATIO = 0.25;
    private static final double GREATEST_RATIO = 4;

    private final String words;

    Baseline(String words) {
        this.words = words;
    }

    abstract double[] forecast(double[] history);

    String words() {
        return words;
    }

    /** The mean of the observed weeks among the last 13, else the last value. */
    static double level(double[] history) {
        double mean = mean(history, history.length - HORIZON, history.length);
        return Double.isNaN(mean) ? last(history) : mean;
    }

    /** The mean of the observed weeks of a range, NaN without any. */
    static double mean(double[] values, int from, int to) {
        return Arrays.stream(values, Math.max(0, from), Math.max(0, to))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    private static double ratio(double[] history) {
        if (history.length < YEAR + HORIZON) {
            return 1;
        }
        double now = mean(history, history.length - HORIZON, history.length);
        double then = mean(history, history.length - YEAR - HORIZON, history.length - YEAR);
        return Double.isNaN(now) || Double.isNaN(then) || then <= 0
                ? 1
                : Math.min(GREATEST_RATIO, Math.max(LEAST_RATIO, now / then));
    }

    private static double last(double[] history) {
        for (int i = history.length - 1; i >= 0; i--) {
            if (!Double.isNaN(history[i])) {
                return history[i];
            }
        }
        return 0;
    }

    private static double[] repeated(double value) {
        double[] forecast = new double[HORIZON];
        Arrays.fill(forecast, value);
        return forecast;
    }
}
