package io.hemline.serving.engine;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.function.LongSupplier;

/**
 * Admission control: rejects requests that do not fit into the queue or cannot be answered in time, before their rows are
 * made, so that overload costs little. The batcher applies the same rule again.
 *
 * <p>Thread-safe: the counters are.
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
            return rejected(
                    ForecastException.of(Failure.DEADLINE_EXCEEDED, "the deadline passed before the model was asked"));
        }
        BatchRejected rejection = graphs.batcher().rejection(rows, request.deadlineNanos());
        if (rejection != null) {
            return rejected(BatchRejected.toForecastException("forecaster", rejection));
        }
        return next.forecast(request)
                .recover(cause -> rejected(BatchRejected.toForecastException("forecaster", cause)));
    }

    private Future<Answer> rejected(ForecastException failure) {
        shed.count(failure);
        return Future.failedFuture(failure);
    }

    @Override
    public String toString() {
        return "admission ▶ " + next;
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
