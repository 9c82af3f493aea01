package io.hemline.importer.backtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Draws a back-test as SVG: the error of each method, and fans of some series over the outcome. Plain text, because the
 * JDK's graphics need fonts that servers lack.
 */
final class Picture {

    private static final int WIDTH = 960;
    private static final int PANEL_WIDTH = 300;
    private static final int PANEL_HEIGHT = 170;
    private static final int SHOWN_WEEKS = 78;
    private static final int EXAMPLES = 6;
    private static final String STYLE = "svg{background:#fff;font:13px system-ui,sans-serif;fill:#222}"
            + ".t{font-weight:600}.b{fill:#9aa5b1}.o{fill:#c2185b}.h{stroke:#667;fill:none}.a{stroke:#222;fill:none;stroke-width:2}"
            + ".m{stroke:#c2185b;fill:none;stroke-width:2}.f{fill:#c2185b;opacity:.18}.x{stroke:#ccc}"
            + "@media(prefers-color-scheme:dark){svg{background:#16181d;fill:#dde}.a{stroke:#eef}.h{stroke:#99a}.x{stroke:#444}}";

    private final StringBuilder svg = new StringBuilder();

    private Picture() {}

    static String of(Backtest backtest) {
        return new Picture().draw(backtest);
    }

    private String draw(Backtest backtest) {
        List<Integer> examples = backtest.examples(EXAMPLES);
        List<Accuracy> methods = new ArrayList<>(backtest.baselines());
        methods.add(0, backtest.ours());
        int bars = 60 + 28 * methods.size();
        int height = bars + 40 + (examples.size() + 2) / 3 * (PANEL_HEIGHT + 30);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"><style>%s</style>%n",
                WIDTH,
                height,
                WIDTH,
                height,
                STYLE));
        text(20, 28, "t", "Mean error of 13-week forecasts (MASE, lower is better), " + backtest.series() + " series");
        double greatest = methods.stream().mapToDouble(Accuracy::mase).max().orElse(1);
        for (int i = 0; i < methods.size(); i++) {
            double length = 560 * methods.get(i).mase() / greatest;
            int y = 44 + 28 * i;
            text(20, y + 15, "", methods.get(i).method());
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" x=\"220\" y=\"%d\" width=\"%.1f\" height=\"20\" rx=\"3\"/>%n",
                    i == 0 ? "o" : "b",
                    y,
                    length));
            text(
                    228 + (int) length,
                    y + 15,
                    "",
                    String.format(Locale.ROOT, "%.3f", methods.get(i).mase()));
        }
        text(20, bars + 24, "t", "From best to worst: history, outcome (dark), forecast with 0.1–0.9 band (red)");
        for (int i = 0; i < examples.size(); i++) {
            panel(
                    backtest.trials().get(examples.get(i)),
                    backtest.forecasts().get(examples.get(i)),
                    20 + i % 3 * (PANEL_WIDTH + 10),
                    bars + 50 + i / 3 * (PANEL_HEIGHT + 30));
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(Trial trial, ServedForecast forecast, int left, int top) {
        int from = Math.max(0, trial.history().length - SHOWN_WEEKS);
        double[] history = Arrays.copyOfRange(trial.history(), from, trial.history().length);
        double greatest = Math.max(
                Arrays.stream(history)
                        .filter(value -> !Double.isNaN(value))
                        .max()
                        .orElse(0),
                Math.max(
                        Arrays.stream(forecast.high()).max().orElse(0),
                        Arrays.stream(trial.actual())
                                .filter(value -> !Double.isNaN(value))
                                .max()
                                .orElse(0)));
        Scale scale = new Scale(left, top + 14, history.length + Baseline.HORIZON, greatest <= 0 ? 1 : greatest);
        String market = trial.series().name().market();
        text(
                left,
                top + 6,
                "",
                (market == null ? "" : market + " ") + trial.series().name().trend());
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"x\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
                left,
                left + PANEL_WIDTH,
                scale.y(0),
                scale.y(0)));
        StringBuilder band = new StringBuilder();
        for (int week = 0; week < Baseline.HORIZON; week++) {
            band.append(scale.point(history.length + week, forecast.high()[week]));
        }
        for (int week = Baseline.HORIZON - 1; week >= 0; week--) {
            band.append(scale.point(history.length + week, forecast.low()[week]));
        }
        svg.append("<polygon class=\"f\" points=\"").append(band).append("\"/>\n");
        line("h", scale, 0, history);
        line("a", scale, history.length, trial.actual());
        line("m", scale, history.length, forecast.median());
    }

    /** A line through the observed weeks, broken where a week is missing. */
    private void line(String style, Scale scale, int start, double[] values) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i <= values.length; i++) {
            if (i < values.length && !Double.isNaN(values[i])) {
                points.append(scale.point(start + i, values[i]));
            } else if (points.length() > 0) {
                svg.append("<polyline class=\"")
                        .append(style)
                        .append("\" points=\"")
                        .append(points)
                        .append("\"/>\n");
                points.setLength(0);
            }
        }
    }

    private void text(int x, int y, String style, String words) {
        String shown = words.length() <= 90 ? words : words.substring(0, 89) + "…";
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>%n",
                x,
                y,
                style,
                shown.replaceAll("\\p{Cntrl}", " ")
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")));
    }

    /** Places weeks and values in a panel. */
    private record Scale(int left, int top, int weeks, double greatest) {

        double y(double value) {
            return top + PANEL_HEIGHT - 20 - Math.max(0, value) / greatest * (PANEL_HEIGHT - 24);
        }

        String point(int week, double value) {
            return String.format(Locale.ROOT, "%.1f,%.1f ", left + (double) week * PANEL_WIDTH / (weeks - 1), y(value));
        }
    }
}
