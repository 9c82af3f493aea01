package io.hemline.serving.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Attributes;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Series;
import io.hemline.serving.core.SeriesQuestion;
import io.hemline.serving.core.TrendQuestion;
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

    private final List<String> told = new ArrayList<>();
    private final AtomicBoolean live = new AtomicBoolean(true);
    private final Forecaster computing = request -> Future.succeededFuture(Answer.made(
            request.questions().stream()
                    .map(question -> Forecasts.forecastOf(question instanceof TrendQuestion t ? t.hashtag() : "own"))
                    .toList(),
            Forecasts.MODEL));

    @Test
    void tellsOfTrendsAndNeverOfOwnSeries() {
        told(computing).forecast(new Request(List.of(SERIES, TREND, SERIES, new TrendQuestion("cargo", "us")), 0));

        assertThat(told).containsExactly("wideleg 7", "cargo 7");
    }

    @Test
    void tellsNothingBeforeItsVersionIsLiveAndEverythingAfter() {
        Forecaster forecaster = told(computing);

        live.set(false);
        forecaster.forecast(new Request(List.of(TREND), 0));
        assertThat(told).isEmpty();
        live.set(true);
        forecaster.forecast(new Request(List.of(TREND), 0));
        live.set(false);
        forecaster.forecast(new Request(List.of(TREND), 0));

        assertThat(told).hasSize(2);
    }

    @Test
    void tellsNothingOfWhatFailed() {
        Forecaster failing =
                told(request -> Future.failedFuture(ForecastException.of(Failure.OVERLOADED, "the server is full")));

        Future<Answer> answer = failing.forecast(new Request(List.of(TREND), 0));

        assertThat(answer.failed()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void anEventIsAsItsSchemaWantsIt() {
        EventSchema schema = EventSchema.of(PublishedForecast.TOPIC);
        Forecast forecast = Forecasts.staleForecastOf("áo dài");

        PublishedForecast served =
                new PublishedForecast("a-1", Instant.parse("2026-11-24T00:00:00Z"), forecast, Forecasts.MODEL);
        String json = new String(served.json(), StandardCharsets.UTF_8);

        assertThat(schema.faults(json)).isEmpty();
        assertThat(new JsonObject(json))
                .contains(java.util.Map.entry("hashtag", "áo dài"), java.util.Map.entry("stale", true));
        assertThat(schema.faults(json.replace("\"stale\":true", "\"stale\":1"))).isNotEmpty();
        assertThat(served.key()).isEqualTo("vn/áo dài".getBytes(StandardCharsets.UTF_8));
    }

    private Forecaster told(Forecaster next) {
        return new PublishingForecaster(
                (forecast, model) -> told.add(forecast.features().hashtag() + " " + model.version()), live::get, next);
    }
}
