package io.hemline.importer.backtest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Writes a back-test for people and for scripts. */
final class BacktestReport {

    private BacktestReport() {}

    static String text(Backtest backtest) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%,d forecasts of 13 weeks on %,d series%s%n%n",
                backtest.trials().size(),
                backtest.series(),
                backtest.tooShort() == 0 ? "" : "; " + backtest.tooShort() + " series are too short or constant"));
        text.append(
                String.format(Locale.ROOT, "  %-26s %8s %8s %18s%n", "method", "MASE", "WAPE", "MAE of trend_score"));
        text.append(row(backtest.ours()));
        backtest.baselines().forEach(baseline -> text.append(row(baseline)));
        Accuracy.Calibration calls = backtest.calibration();
        text.append(String.format(
                Locale.ROOT,
                "%nHemline called %,d of %,d trends as rising or falling, %s right; %.0f %% of the weeks lie in its 0.1–0.9 band"
                        + " (80 %% should).%n%n%s%n",
                calls.called(),
                calls.judged(),
                calls.called() == 0 ? "none" : String.format(Locale.ROOT, "%.0f %%", 100 * calls.precision()),
                100 * calls.coverage(),
                backtest.verdict().words()));
        return text.toString();
    }

    private static String row(Accuracy accuracy) {
        return String.format(
                Locale.ROOT,
                "  %-26s %8.3f %8.3f %18.3f%n",
                accuracy.method(),
                accuracy.mase(),
                accuracy.wape(),
                accuracy.maeTrendScore());
    }

    static String json(Backtest backtest) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("series", backtest.series())
                .put("too_short", backtest.tooShort())
                .put("forecasts", backtest.trials().size());
        ArrayNode methods = root.putArray("methods");
        add(methods, backtest.ours());
        backtest.baselines().forEach(baseline -> add(methods, baseline));
        Accuracy.Calibration calls = backtest.calibration();
        root.putObject("calls")
                .put("judged", calls.judged())
                .put("called", calls.called())
                .put("right", calls.right());
        root.put("coverage", calls.coverage());
        Verdict verdict = backtest.verdict();
        root.putObject("verdict")
                .put("best_baseline", verdict.best())
                .put("series_won", verdict.wins())
                .put("mase_difference_low", verdict.low())
                .put("mase_difference_high", verdict.high())
                .put("words", verdict.words());
        return root.toPrettyString();
    }

    private static void add(ArrayNode methods, Accuracy accuracy) {
        ObjectNode method = methods.addObject().put("method", accuracy.method());
        put(method, "mase", accuracy.mase());
        put(method, "wape", accuracy.wape());
        put(method, "mae_trend_score", accuracy.maeTrendScore());
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }
}
