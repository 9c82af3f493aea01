package io.hemline.importer.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.weekly.WeeklySeries;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BacktestTest {

    private static final LocalDate LAST = LocalDate.of(2026, 11, 23);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;

    BacktestTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void answerTheLastValue() {
        server.createContext("/v1/forecasts", exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            asked.add(body);
            StringBuilder forecasts = new StringBuilder();
            for (JsonNode item : body.get("items")) {
                JsonNode series = item.get("series");
                double last = series.get(series.size() - 1).doubleValue();
                forecasts
                        .append(forecasts.length() == 0 ? "" : ",")
                        .append("{\"quantiles\":{\"0.1\":" + repeated(last - 1) + ",\"0.5\":" + repeated(last)
                                + ",\"0.9\":" + repeated(last + 1) + "},\"trend_class\":\"rising\"}");
            }
            String answer = status == 200
                    ? "{\"forecasts\":[" + forecasts + "]}"
                    : "{\"title\":\"Unauthorized\",\"detail\":\"an API key is needed\"}";
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /**
     * The values of {@code hemline_trainer.evaluation.baselines} and {@code mase_denominator} for the same series of 80 and
     * of 40 weeks, with two gaps.
     */
    @Test
    void baselinesAndScaleEqualTheTrainers() {
        double[] year = history(80);
        double[] short40 = history(40);

        assertThat(sum(Baseline.LAST_VALUE, year)).isCloseTo(776.035, within(1e-6));
        assertThat(sum(Baseline.SEASONAL_NAIVE, year)).isCloseTo(621.819, within(1e-6));
        assertThat(sum(Baseline.NAIVE_COMBINATION, year)).isCloseTo(713.995519, within(1e-6));
        assertThat(Trial.scale(year)).isCloseTo(4.969231, within(1e-6));
        assertThat(sum(Baseline.SEASONAL_NAIVE, short40)).isCloseTo(609.7, within(1e-6));
        assertThat(sum(Baseline.NAIVE_COMBINATION, short40)).isCloseTo(617.806944, within(1e-6));
        assertThat(Trial.scale(short40)).isCloseTo(2.373743, within(1e-6));
    }

    @Test
    void cutsEachSeriesAtTheLatestOriginsThatLeaveEnoughHistory() {
        List<Trial> trials = Trial.of(series("a", history(80)), 9, 26);

        assertThat(trials).extracting(trial -> trial.history().length).containsExactly(67, 54, 41, 28);
        assertThat(trials).extracting(Trial::lastWeek).first().isEqualTo(LAST.minusWeeks(13));
        assertThat(trials).allSatisfy(trial -> assertThat(trial.actual()).hasSize(13));
    }

    @Test
    void aServerThatRepeatsTheLastValueScoresAsThatBaseline() {
        double[] gaps = history(80);
        gaps[70] = Double.NaN;
        List<WeeklySeries> series = List.of(series("a", history(80)), series("b", gaps), series("short", history(20)));

        Backtest done = Backtest.run(series, 2, 26, client(), count -> {});

        Accuracy lastValue = done.baselines().get(0);
        assertThat(done.ours().mase()).isCloseTo(lastValue.mase(), within(1e-12));
        assertThat(done.ours().wape()).isCloseTo(lastValue.wape(), within(1e-12));
        assertThat(done.calibration().called())
                .isEqualTo(done.calibration().judged())
                .isEqualTo(4);
        assertThat(done.tooShort()).isEqualTo(1);
        assertThat(done.verdict().words()).contains("few series");
        JsonNode item = asked.get(0).get("items").get(0);
        assertThat(item.get("last_week").asText()).isEqualTo("2026-08-24");
        assertThat(item.get("series").get(20).isNull()).isTrue();
        assertThat(item.get("attributes").toString()).isEqualTo("{\"market\":\"us\"}");
    }

    @Test
    void asksForAtMost64SeriesAtOnce() {
        List<WeeklySeries> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(series("s" + i, history(80)));
        }

        Backtest.run(many, 1, 26, client(), count -> {});

        assertThat(asked).extracting(body -> body.get("items").size()).containsExactly(64, 36);
    }

    @Test
    void saysWhenNoSeriesIsLongEnough() {
        assertThatThrownBy(() -> Backtest.trials(List.of(series("a", history(30))), 4, 26))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("needs 39 weeks")
                .hasMessageContaining("longest series has 30");
    }

    @Test
    void showsTheServersRefusalAndItsAbsence() {
        status = 401;
        assertThatThrownBy(() -> client().ask(Trial.of(series("a", history(80)), 1, 26)))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("401 an API key is needed");

        server.stop(0);
        assertThatThrownBy(() -> client().ask(Trial.of(series("a", history(80)), 1, 26)))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void drawsWellFormedSvgWhateverTheNames() throws Exception {
        List<WeeklySeries> series = List.of(
                series("<script>alert('&')</script>\u0007", history(80)),
                series("b", new double[80]),
                series("c", history(60)));

        String svg = Picture.of(Backtest.run(series, 2, 26, client(), count -> {}));

        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(svg).contains("&lt;script&gt;").doesNotContain("<script>", "NaN");
    }

    private ForecastClient client() {
        return new ForecastClient("http://127.0.0.1:" + server.getAddress().getPort(), null);
    }

    private static double sum(Baseline baseline, double[] history) {
        return Arrays.stream(baseline.forecast(history)).sum();
    }

    private static WeeklySeries series(String name, double[] volume) {
        return new WeeklySeries(new SeriesName(name, "us", null, null), LAST, volume, false, "t.csv");
    }

    private static double[] history(int weeks) {
        double[] values = new double[weeks];
        for (int i = 0; i < weeks; i++) {
            double value = 50 + 10 * Math.sin(2 * Math.PI * i / 52) + 0.1 * i + i * 7 % 5;
            values[i] = Math.rint(value * 1000) / 1000;
        }
        if (weeks >= 60) {
            values[weeks - 60] = Double.NaN;
        } else if (weeks >= 40) {
            values[(2 * weeks - 60) % weeks] = Double.NaN;
        }
        values[weeks - 3] = Double.NaN;
        return values;
    }

    private static String repeated(double value) {
        return Arrays.toString(
                java.util.stream.DoubleStream.generate(() -> value).limit(13).toArray());
    }
}
