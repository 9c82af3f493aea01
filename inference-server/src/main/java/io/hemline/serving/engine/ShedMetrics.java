package io.hemline.serving.engine;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts the requests that were rejected before inference, in {@code forecast_shed_total{reason}}.
 *
 * <p>Thread-safe: the counters are.
 */
public final class ShedMetrics {

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
