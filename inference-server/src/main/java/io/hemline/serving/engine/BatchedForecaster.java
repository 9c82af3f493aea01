package io.hemline.serving.engine;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.Drivers;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.FeaturedQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Stages;
import io.hemline.serving.core.Stages.Stage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * The last forecaster: converts features to rows, runs them through the batcher, and converts the results to forecasts.
 *
 * <p>Immutable.
 */
public final class BatchedForecaster implements Forecaster {

    private final RunningGraphs graphs;
    private final RowLayout layout;
    private final List<String> drivers;

    public BatchedForecaster(RunningGraphs graphs) {
        this.graphs = requireNonNull(graphs, "graphs");
        this.layout = graphs.layout();
        this.drivers = graphs.artifact().manifest().drivers();
    }

    @Override
    public Future<Answer> forecast(Request request) {
        List<Row> rows = new ArrayList<>(request.questions().size());
        for (Question question : request.questions()) {
            rows.add(layout.row(featured(question)));
        }
        Stages stages = request.stages();
        RunListener listener = (queued, start, end) -> {
            stages.passed(Stage.QUEUE, queued, start);
            stages.passed(Stage.RUN, start, end);
        };
        return graphs.forecast(rows, request.deadlineNanos(), listener).map(results -> answer(request, results));
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
        return "batched (" + graphs + ")";
    }
}
