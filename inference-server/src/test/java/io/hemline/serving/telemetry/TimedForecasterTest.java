package io.hemline.serving.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.TrendQuestion;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimedForecasterTest {

    private static final Request REQUEST = new Request(List.of(new TrendQuestion("a", null)), 0);
    private static final Answer ANSWER = Answer.made(List.of(), new ModelIdentity("trend", "1", "d"));

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void countsAPassageWhenItIsOver() {
        Promise<Answer> promise = Promise.promise();
        Future<Answer> answer = timed(request -> promise.future()).forecast(REQUEST);

        assertThat(count()).isZero();
        promise.complete(ANSWER);

        assertThat(count()).isEqualTo(1);
        assertThat(answer.result()).isSameAs(ANSWER);
    }

    @Test
    void countsFailuresToo() {
        Future<Answer> answer = timed(request -> Future.failedFuture("no")).forecast(REQUEST);

        assertThat(answer.failed()).isTrue();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void isNamedAsDashboardsKnowIt() {
        timed(request -> Future.succeededFuture(ANSWER)).forecast(REQUEST);

        assertThat(meters.scrape())
                .contains("forecast_stage_duration_seconds_bucket{stage=\"forecast\",le=\"0.15\"} 1")
                .contains("forecast_stage_duration_seconds_count{stage=\"forecast\"} 1");
    }

    @Test
    void printsTheNest() {
        Forecaster inner = new Forecaster() {
            @Override
            public Future<Answer> forecast(Request request) {
                return Future.succeededFuture(ANSWER);
            }

            @Override
            public String toString() {
                return "inner";
            }
        };

        assertThat(timed(inner)).hasToString("timed ▶ inner");
    }

    private TimedForecaster timed(Forecaster next) {
        return new TimedForecaster(next, "forecast", meters);
    }

    private long count() {
        return meters.get("forecast.stage.duration")
                .tag("stage", "forecast")
                .timer()
                .count();
    }
}
