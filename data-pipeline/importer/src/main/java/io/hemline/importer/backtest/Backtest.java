package io.hemline.importer.backtest;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.weekly.WeeklySeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A finished back-test.
 *
 * @param trials series at origins
 * @param forecasts of the server, one a trial
 * @param ours accuracy of the server
 * @param calibration calls and intervals of the server
 * @param baselines accuracy of the simple methods
 * @param verdict in words
 * @param tooShort series without any trial
 */
record Backtest(
        List<Trial> trials,
        List<ServedForecast> forecasts,
        Accuracy ours,
        Accuracy.Calibration calibration,
        List<Accuracy> baselines,
        Verdict verdict,
        int tooShort) {

    /**
     * Runs a back-test.
     *
     * @param series to test on
     * @param origins at most so many a series
     * @param shortest history in weeks
     * @param client of the server
     * @param progress is told how many trials are done
     */
    static Backtest run(
            List<WeeklySeries> series, int origins, int shortest, ForecastClient client, IntConsumer progress) {
        List<Trial> trials = trials(series, origins, shortest);
        List<ServedForecast> forecasts = new ArrayList<>();
        for (int from = 0; from < trials.size(); from += ForecastClient.ITEMS) {
            forecasts.addAll(client.ask(trials.subList(from, Math.min(trials.size(), from + ForecastClient.ITEMS))));
            progress.accept(forecasts.size());
        }
        Accuracy ours = Accuracy.of(
                "Hemline",
                trials,
                forecasts.stream().map(ServedForecast::median).toList());
        List<Accuracy> baselines = Arrays.stream(Baseline.values())
                .map(baseline -> Accuracy.of(
                        baseline.words(),
                        trials,
                        trials.stream()
                                .map(trial -> baseline.forecast(trial.history()))
                                .toList()))
                .toList();
        int tested = (int) trials.stream().map(Trial::series).distinct().count();
        return new Backtest(
                trials,
                forecasts,
                ours,
                Accuracy.Calibration.of(trials, forecasts),
                baselines,
                Verdict.of(trials, ours, baselines),
                series.size() - tested);
    }

    /** The trials of all series; an {@link ImportException} says how many weeks are needed if there is none. */
    static List<Trial> trials(List<WeeklySeries> series, int origins, int shortest) {
        List<Trial> trials = series.stream()
                .flatMap(each -> Trial.of(each, origins, shortest).stream())
                .toList();
        if (trials.isEmpty()) {
            int longest =
                    series.stream().mapToInt(each -> each.volume().length).max().orElse(0);
            throw new ImportException("no series is long enough: a back-test needs " + (shortest + Baseline.HORIZON)
                    + " weeks that are not constant, the longest series has " + longest + " (--min-history)");
        }
        return trials;
    }

    int series() {
        return verdict.series();
    }

    /** Indexes of the latest trials of a good, a middling and a bad series each, by Hemline's error. */
    List<Integer> examples(int count) {
        List<Integer> latest = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            if (i == 0 || !trials.get(i).series().equals(trials.get(i - 1).series())) {
                latest.add(i);
            }
        }
        latest.sort(Comparator.comparingDouble(i -> ours.errors()[i]));
        if (latest.size() <= count) {
            return latest;
        }
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(latest.get((int) Math.round(i * (latest.size() - 1.0) / (count - 1))));
        }
        return chosen;
    }
}
