package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.telemetry.StageMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredForecasterTest {

    private static final Request REQUEST = new Request(List.of(new TrendQuestion("a", null)), 0);
    private static final Answer ANSWER = Answer.made(List.of(), new ModelIdentity("trend", "1", "d"));

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final VersionHealth health = new VersionHealth(System::nanoTime);

    @Test
    void recordsAnAnswerWhenItIsThere() {
        Promise<Answer> promise = Promise.promise();
        Future<Answer> answer = measured(request -> promise.future()).forecast(REQUEST);

        assertThat(count()).isZero();
        promise.complete(ANSWER);

        assertThat(count()).isEqualTo(1);
        assertThat(health.computed()).isEqualTo(1);
        assertThat(health.lastMinuteOfAll().getTotalCount()).isEqualTo(1);
        assertThat(answer.result()).isSameAs(ANSWER);
    }

    @Test
    void recordsFailuresToo() {
        Future<Answer> answer = measured(request -> Future.failedFuture("no")).forecast(REQUEST);

        assertThat(answer.failed()).isTrue();
        assertThat(count()).isEqualTo(1);
        assertThat(health.errorRate(1)).isEqualTo(1);
    }

    @Test
    void isNamedAsDashboardsKnowIt() {
        measured(request -> Future.succeededFuture(ANSWER)).forecast(REQUEST);

        assertThat(meters.scrape())
                .contains("forecast_stage_duration_seconds_bucket{stage=\"forecast\",le=\"0.15\"} 1")
                .contains("forecast_stage_duration_seconds_count{stage=\"forecast\"} 1");
    }

    @Test
    void printsTheStepsBelow() {
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

        assertThat(measured(inner)).hasToString("measured ▶ inner");
    }

    private MeasuredForecaster measured(Forecaster next) {
        return new MeasuredForecaster(health, StageMeters.recorder("forecast", meters), next);
    }

    private long count() {
        return meters.get("forecast.stage.duration")
                .tag("stage", "forecast")
                .timer()
                .count();
    }
}
