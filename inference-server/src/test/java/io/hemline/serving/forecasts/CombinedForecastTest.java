package io.hemline.serving.forecasts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.http.testing.FakeForecaster;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinedForecastTest {

    private static final Question KNOWN = new TrendQuestion("a", "vn");
    private static final Question OWN =
            new SeriesQuestion(Series.of(FakeForecaster.LAST_WEEK, 1), Attributes.UNKNOWN, null);

    @Test
    void weighsByRecentVolume() {
        CombinedForecast outlook = outlook(
                List.of(KNOWN, KNOWN), forecast(30, 1.0, TrendClass.RISING), forecast(10, -1.0, TrendClass.FALLING));

        assertThat(outlook.trendScore()).isEqualTo(0.5, within(1e-6));
        assertThat(outlook.trendClass()).isEqualTo(TrendClass.RISING);
    }

    @Test
    void doesNotWeighWhenAnOwnSeriesTakesPart() {
        CombinedForecast outlook = outlook(
                List.of(KNOWN, OWN), forecast(30, 1.0, TrendClass.RISING), forecast(10, -1.0, TrendClass.FALLING));

        assertThat(outlook.trendScore()).isEqualTo(0, within(1e-6));
        assertThat(outlook.trendClass()).isEqualTo(TrendClass.STABLE);
    }

    @Test
    void leavesTrendsWithoutAScoreOut() {
        CombinedForecast outlook =
                outlook(List.of(OWN, OWN), forecast(0, 0, TrendClass.STABLE), forecast(10, 0.5, TrendClass.RISING));

        assertThat(outlook.trendScore()).isEqualTo(0.5, within(1e-6));
        assertThat(outlook.trendClass()).isEqualTo(TrendClass.RISING);
    }

    @Test
    void hasNoScoreWhenThereIsNoneAtAll() {
        CombinedForecast outlook = outlook(List.of(OWN), forecast(0, 0, TrendClass.STABLE));

        assertThat(outlook.trendScore()).isNaN();
        assertThat(outlook.trendClass()).isEqualTo(TrendClass.STABLE);
    }

    @Test
    void callsNothingThatTheScoreContradicts() {
        CombinedForecast outlook = outlook(
                List.of(KNOWN, KNOWN), forecast(11, 0.1, TrendClass.RISING), forecast(10, -0.9, TrendClass.FALLING));

        assertThat(outlook.trendScore()).isNegative();
        assertThat(outlook.trendClass()).isEqualTo(TrendClass.STABLE);
    }

    @Test
    void keepsTheClassThatAllShare() {
        CombinedForecast outlook = outlook(
                List.of(KNOWN, KNOWN), forecast(1, 0.1, TrendClass.STABLE), forecast(1, 0.2, TrendClass.STABLE));

        assertThat(outlook.trendClass()).isEqualTo(TrendClass.STABLE);
    }

    private static CombinedForecast outlook(List<Question> questions, Forecast... forecasts) {
        return CombinedForecast.of(questions, Answer.made(List.of(forecasts), FakeForecaster.MODEL));
    }

    private static Forecast forecast(double recent, double score, TrendClass trendClass) {
        double[] volume = new double[20];
        Arrays.fill(volume, recent);
        float median = (float) (recent * (1 + score));
        float[][] quantiles = new float[Forecast.HORIZON][];
        Arrays.fill(quantiles, new float[] {median, median, median});
        Features features = new Features(
                "a",
                "vn",
                Series.of(FakeForecaster.LAST_WEEK, volume),
                Attributes.UNKNOWN,
                new float[0],
                "2026-11-23T00:00:00Z",
                false,
                List.of());
        Drivers drivers = new Drivers(List.of("volume"), new float[] {1}, new float[208]);
        return new Forecast(features, quantiles, trendClass, drivers);
    }
}
