package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Failure;
import io.hemline.serving.forecast.ForecastException;
import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.Request;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.function.LongSupplier;

/**
 * Lets down only what has room in the queue and time left, and says at once why not.
 *
 * <p>Thread-safe: as the counters are.
 */
public final class AdmittedForecaster implements Forecaster {

    private final Forecaster next;
    private final RunningGraphs graphs;
    private final LongSupplier nanoTime;
    private final Shed shed;

    public AdmittedForecaster(Forecaster next, RunningGraphs graphs, LongSupplier nanoTime, MeterRegistry meters) {
        this.next = requireNonNull(next, "next");
        this.graphs = requireNonNull(graphs, "graphs");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.shed = new Shed(meters);
    }

    @Override
    public Future<Answer> forecast(Request request) {
        int rows = request.questions().size();
        if (nanoTime.getAsLong() - request.deadlineNanos() >= 0) {
            return refused(
                    ForecastException.of(Failure.DEADLINE_EXCEEDED, "the deadline passed before the model was asked"));
        }
        if (graphs.batcher().full(rows)) {
            return refused(ForecastException.of(
                    Failure.OVERLOADED,
                    graphs.batcher().depth() + " forecasts wait already, " + rows + " more would not be made in time"));
        }
        return next.forecast(request).recover(cause -> refused(Refusals.of("forecaster", cause)));
    }

    private Future<Answer> refused(ForecastException refusal) {
        shed.count(refusal);
        return Future.failedFuture(refusal);
    }

    @Override
    public String toString() {
        return "admitted ▶ " + next;
    }
}
