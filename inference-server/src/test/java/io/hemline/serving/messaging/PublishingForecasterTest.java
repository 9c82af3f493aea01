package io.hemline.serving.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Series;
import io.hemline.serving.messaging.testing.EventSchema;
import io.hemline.serving.testing.Forecasts;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PublishingForecasterTest {

    private static final Question TREND = new TrendQuestion("wideleg", null);
    private static final Question SERIES =
            new SeriesQuestion(Series.of(Forecasts.LAST_WEEK, 1, 2, 3), Attributes.UNKNOWN, null);

    private final List<String> published = new ArrayList<>();
    private final AtomicBoolean live = new AtomicBoolean(true);
    private final Forecaster computing = request -> Future.succeededFuture(Answer.made(
            request.questions().stream()
                    .map(question -> Forecasts.forecastOf(question instanceof TrendQuestion t ? t.hashtag() : "own"))
                    .toList(),
            Forecasts.MODEL));

    @Test
    void publishesTrendsAndNeverCallersOwnSeries() {
        publishing(computing)
                .forecast(new Request(List.of(SERIES, TREND, SERIES, new TrendQuestion("cargo", "us")), 0));

        assertThat(published).containsExactly("wideleg 7", "cargo 7");
    }

    @Test
    void publishesNothingBeforeItsVersionIsLiveAndEverythingAfter() {
        Forecaster forecaster = publishing(computing);

        live.set(false);
        forecaster.forecast(new Request(List.of(TREND), 0));
        assertThat(published).isEmpty();
        live.set(true);
        forecaster.forecast(new Request(List.of(TREND), 0));
        live.set(false);
        forecaster.forecast(new Request(List.of(TREND), 0));

        assertThat(published).hasSize(2);
    }

    @Test
    void publishesNoFailures() {
        Forecaster failing = publishing(
                request -> Future.failedFuture(ForecastException.of(Failure.OVERLOADED, "the server is full")));

        Future<Answer> answer = failing.forecast(new Request(List.of(TREND), 0));

        assertThat(answer.failed()).isTrue();
        assertThat(published).isEmpty();
    }

    @Test
    void writesEventsThatMatchTheSchema() {
        EventSchema schema = EventSchema.of(PublishedForecast.TOPIC);
        Forecast forecast = Forecasts.staleForecastOf("áo dài");

        PublishedForecast served =
                new PublishedForecast("a-1", Instant.parse("2026-11-24T00:00:00Z"), forecast, Forecasts.MODEL);
        String json = new String(served.json(), StandardCharsets.UTF_8);

        assertThat(schema.violations(json)).isEmpty();
        assertThat(new JsonObject(json))
                .contains(java.util.Map.entry("hashtag", "áo dài"), java.util.Map.entry("stale", true));
        assertThat(schema.violations(json.replace("\"stale\":true", "\"stale\":1")))
                .isNotEmpty();
        assertThat(served.key()).isEqualTo("vn/áo dài".getBytes(StandardCharsets.UTF_8));
    }

    private Forecaster publishing(Forecaster next) {
        return new PublishingForecaster(
                (forecast, model) -> published.add(forecast.features().hashtag() + " " + model.version()),
                live::get,
                next);
    }
}
