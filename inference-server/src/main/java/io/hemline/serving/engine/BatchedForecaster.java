package io.hemline.serving.engine;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.batch.Reservation;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.FeaturedQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Stages;
import io.hemline.serving.core.Stages.Stage;
import io.hemline.serving.engine.Row.RowForecast;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The last steps: has the request admitted, converts its features to rows, runs them in batches, and converts the results to
 * forecasts. A request that does not fit into the queue or cannot be answered in time is rejected before its rows are made,
 * so that overload costs little.
 *
 * <p>Thread-safe: the counters are; all else is final.
 */
public final class BatchedForecaster implements Forecaster {

    private final RunningGraphs graphs;
    private final RowLayout layout;
    private final List<String> drivers;
    private final LongSupplier nanoTime;
    private final ShedMetrics shed;

    public BatchedForecaster(RunningGraphs graphs, LongSupplier nanoTime, MeterRegistry meters) {
        this.graphs = requireNonNull(graphs, "graphs");
        this.layout = graphs.layout();
        this.drivers = graphs.artifact().manifest().drivers();
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.shed = new ShedMetrics(meters);
    }

    @Override
    public Future<Answer> forecast(Request request) {
        long deadlineNanos = request.deadlineNanos();
        if (nanoTime.getAsLong() - deadlineNanos >= 0) {
            return rejected(
                    ForecastException.of(Failure.DEADLINE_EXCEEDED, "the deadline passed before the model was asked"));
        }
        try (Reservation<Row, RowForecast> places =
                graphs.batcher().admit(request.questions().size(), deadlineNanos)) {
            return graphs.forecast(places, rows(request), listener(request.stages()))
                    .map(results -> answer(request, results))
                    .recover(cause -> rejected(BatchRejected.toForecastException("forecaster", cause)));
        } catch (BatchRejected e) {
            return rejected(BatchRejected.toForecastException("forecaster", e));
        }
    }

    private List<Row> rows(Request request) {
        List<Row> rows = new ArrayList<>(request.questions().size());
        for (Question question : request.questions()) {
            rows.add(layout.row(featured(question)));
        }
        return rows;
    }

    private static RunListener listener(Stages stages) {
        return (queued, start, end) -> {
            stages.passed(Stage.QUEUE, queued, start);
            stages.passed(Stage.RUN, start, end);
        };
    }

    private Future<Answer> rejected(ForecastException failure) {
        shed.count(failure);
        return Future.failedFuture(failure);
    }

    private Answer answer(Request request, List<RowForecast> results) {
        List<Forecast> forecasts = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            forecasts.add(forecast(featured(request.questions().get(i)), results.get(i)));
        }
        return Answer.made(forecasts, graphs.identity());
    }

    private Forecast forecast(Features features, RowForecast result) {
        for (float[] week : result.quantiles()) {
            for (float value : week) {
                if (!Float.isFinite(value)) {
                    throw new IllegalStateException("the model gave " + value);
                }
            }
        }
        return new Forecast(
                features,
                result.quantiles(),
                TrendClass.ofSign(result.trendClass()),
                new Drivers(drivers, result.variableWeights(), result.weekWeights()));
    }

    private static Features featured(Question question) {
        if (question instanceof FeaturedQuestion featured) {
            return featured.features();
        }
        throw new IllegalArgumentException("question: one with features, not " + question);
    }

    @Override
    public String toString() {
        return "admission ▶ " + graphs + " ▶ session";
    }

    /**
     * Counts the requests that were rejected before inference, in {@code forecast_shed_total{reason}}.
     *
     * <p>Thread-safe: the counters are.
     */
    public static final class ShedMetrics {

        private final Counter full;
        private final Counter late;

        public ShedMetrics(MeterRegistry meters) {
            this.full = counter(meters, "queue_full");
            this.late = counter(meters, "deadline");
        }

        /** Counts the failure if overload or a deadline caused it. */
        public void count(Throwable failure) {
            if (!(failure instanceof ForecastException rejection)) {
                return;
            }
            if (rejection.failure() == Failure.OVERLOADED) {
                full.increment();
            } else if (rejection.failure() == Failure.DEADLINE_EXCEEDED) {
                late.increment();
            }
        }

        private static Counter counter(MeterRegistry meters, String reason) {
            return Counter.builder("forecast.shed")
                    .description("Requests refused before they cost inference")
                    .tag("reason", reason)
                    .register(meters);
        }
    }
}
