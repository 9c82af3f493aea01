package io.hemline.serving.engine;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.function.LongSupplier;

/**
 * Lets down only what has room in the queue and can be answered in time, and says at once why not: before its rows are
 * made, for a flood must cost little. The queue asks the same again, and of whoever comes another way.
 *
 * <p>Thread-safe: as the counters are.
 */
public final class AdmittedForecaster implements Forecaster {

    private final Forecaster next;
    private final RunningGraphs graphs;
    private final LongSupplier nanoTime;
    private final ShedMetrics shed;

    public AdmittedForecaster(RunningGraphs graphs, LongSupplier nanoTime, MeterRegistry meters, Forecaster next) {
        this.next = requireNonNull(next, "next");
        this.graphs = requireNonNull(graphs, "graphs");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
        this.shed = new ShedMetrics(meters);
    }

    @Override
    public Future<Answer> forecast(Request request) {
        int rows = request.questions().size();
        if (nanoTime.getAsLong() - request.deadlineNanos() >= 0) {
            return refused(
                    ForecastException.of(Failure.DEADLINE_EXCEEDED, "the deadline passed before the model was asked"));
        }
        BatchRejected full = graphs.batcher().rejection(rows, request.deadlineNanos());
        if (full != null) {
            return refused(EngineFailures.of("forecaster", full));
        }
        return next.forecast(request).recover(cause -> refused(EngineFailures.of("forecaster", cause)));
    }

    private Future<Answer> refused(ForecastException refusal) {
        shed.count(refusal);
        return Future.failedFuture(refusal);
    }

    @Override
    public String toString() {
        return "admission ▶ " + next;
    }
}
