package io.hemline.serving.engine;

import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts the requests that were refused before they cost inference.
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

    /** Counts the failure if it is one of load. */
    public void count(Throwable failure) {
        if (!(failure instanceof ForecastException refusal)) {
            return;
        }
        if (refusal.failure() == Failure.OVERLOADED) {
            full.increment();
        } else if (refusal.failure() == Failure.DEADLINE_EXCEEDED) {
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
