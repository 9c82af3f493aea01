package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Series;
import io.hemline.serving.engine.ForecasterSession;
import io.hemline.serving.engine.Row;
import io.hemline.serving.engine.Row.RowForecast;
import io.hemline.serving.engine.RowLayout;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** Extreme series, and the invariants that every answer to them must keep. */
final class ExtremeRows {

    private static final int WEEKS = 208;
    private static final double HUGE = 1e30;
    private static final double TINY = 1e-30;
    private static final float SUM_TOLERANCE = 1e-3f;
    private static final Map<String, double[]> SERIES = series();

    private ExtremeRows() {}

    private static Map<String, double[]> series() {
        Map<String, double[]> series = new LinkedHashMap<>();
        series.put("zeros", weeks(WEEKS, week -> 0));
        series.put("a single week", new double[] {5});
        series.put("a constant", weeks(WEEKS, week -> 7));
        series.put("huge values", weeks(WEEKS, week -> HUGE * (week % 2)));
        series.put("tiny values", weeks(WEEKS, week -> TINY * (1 + week % 3)));
        series.put("negative values", weeks(WEEKS, week -> -50 + week % 11));
        series.put("huge values of either sign", weeks(WEEKS, week -> week % 2 == 0 ? HUGE : -HUGE));
        series.put("one observed week in ten", weeks(WEEKS, week -> week % 10 == 0 ? 3 : Double.NaN));
        series.put("one week long ago", weeks(WEEKS, week -> week == 0 ? 9 : Double.NaN));
        series.put("one peak in zeros", weeks(WEEKS, week -> week == WEEKS / 2 ? 1e6 : 0));
        return series;
    }

    private static double[] weeks(int count, IntToDoubleFunction value) {
        double[] weeks = new double[count];
        Arrays.setAll(weeks, value);
        return weeks;
    }

    /** The first broken invariant and its series; empty if all hold. */
    static Optional<String> fault(ForecasterSession session, BatchSizes sizes, RowLayout layout) {
        List<String> names = new ArrayList<>(SERIES.keySet());
        for (int from = 0; from < names.size(); from += sizes.max()) {
            List<String> some = names.subList(from, Math.min(names.size(), from + sizes.max()));
            List<RowForecast> answers =
                    session.run(some.stream().map(name -> row(name, layout)).toList());
            for (int i = 0; i < some.size(); i++) {
                Optional<String> fault = fault(answers.get(i));
                if (fault.isPresent()) {
                    return Optional.of("the answer to " + some.get(i) + " has " + fault.get());
                }
            }
        }
        return Optional.empty();
    }

    private static Row row(String name, RowLayout layout) {
        Series series = Series.of(LocalDate.of(2026, 11, 16), requireNonNull(SERIES.get(name), name));
        return layout.row(new Features(null, null, series, Attributes.UNKNOWN, null, "2026-11-16", false, List.of()));
    }

    private static Optional<String> fault(RowForecast answer) {
        for (int week = 0; week < answer.quantiles().length; week++) {
            float[] levels = answer.quantiles()[week];
            for (int level = 0; level < levels.length; level++) {
                if (!Float.isFinite(levels[level])) {
                    return Optional.of("the " + Forecast.LEVELS.get(level) + " quantile " + levels[level] + " in week "
                            + (week + 1));
                }
                if (level > 0 && levels[level] < levels[level - 1]) {
                    return Optional.of("crossed quantiles " + Arrays.toString(levels) + " in week " + (week + 1));
                }
            }
        }
        if (Math.abs(answer.trendClass()) > 1) {
            return Optional.of("the class " + answer.trendClass());
        }
        return weightFault("variable_weights", answer.variableWeights())
                .or(() -> weightFault("week_weights", answer.weekWeights()));
    }

    private static Optional<String> weightFault(String name, float[] weights) {
        float sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        // Also false for NaN.
        return Math.abs(sum - 1) <= SUM_TOLERANCE ? Optional.empty() : Optional.of(name + " that sum to " + sum);
    }
}
