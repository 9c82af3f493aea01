package io.hemline.serving.testing;

import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question.FeaturedQuestion;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Series;
import java.time.LocalDate;
import java.util.List;

/** Plain forecasts for tests that do not care what a model says. */
public final class Forecasts {

    /** A Monday. */
    public static final LocalDate LAST_WEEK = LocalDate.of(2026, 11, 16);

    /** A version whose digest is hex, as it should be. */
    public static final ModelIdentity MODEL = new ModelIdentity("trend", "7", "ab".repeat(32));

    private Forecasts() {}

    /** A flat forecast of a short flat series. */
    public static Forecast forecastOf(String hashtag) {
        return forecastOf(hashtag, false);
    }

    /** The same from features that should be fresher. */
    public static Forecast staleForecastOf(String hashtag) {
        return forecastOf(hashtag, true);
    }

    private static Forecast forecastOf(String hashtag, boolean stale) {
        Features features = new Features(
                hashtag,
                "vn",
                Series.of(LAST_WEEK, 1, 2, 3),
                Attributes.UNKNOWN,
                null,
                "2026-11-23T00:00:00Z",
                stale,
                List.of());
        float[][] quantiles = new float[Forecast.HORIZON][];
        for (int week = 0; week < quantiles.length; week++) {
            quantiles[week] = new float[] {1, 2, 3};
        }
        Drivers drivers = new Drivers(List.of("volume"), new float[] {1}, new float[] {1});
        return new Forecast(features, quantiles, TrendClass.STABLE, drivers);
    }

    /** An own series as the features room would pass it on. */
    public static FeaturedQuestion featured(SeriesQuestion question) {
        return new FeaturedQuestion(
                question,
                new Features(
                        null,
                        null,
                        question.series(),
                        question.attributes(),
                        null,
                        question.series().lastWeek().toString(),
                        false,
                        List.of()));
    }
}
