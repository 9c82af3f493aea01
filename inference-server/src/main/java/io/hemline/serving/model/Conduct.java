package io.hemline.serving.model;

import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Failure;
import io.hemline.serving.forecast.ForecastException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How a version does with what it computes. What it remembers says nothing of it, and neither do faults of callers or a
 * server that is full.
 *
 * <p>Thread-safe: adders and a recorder.
 */
final class Conduct {

    private final LongAdder computed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final RecentLatency latency;

    Conduct(LongSupplier nanoTime) {
        this.latency = new RecentLatency(nanoTime);
    }

    void record(@Nullable Answer answer, @Nullable Throwable failure, long nanos) {
        if (answer != null) {
            if (answer.freshness().hits() == 0) {
                computed.increment();
                latency.record(nanos);
            }
            return;
        }
        if (isTheVersions(failure)) {
            computed.increment();
            failed.increment();
        }
    }

    private static boolean isTheVersions(@Nullable Throwable failure) {
        return !(failure instanceof ForecastException known)
                || known.failure() == Failure.INTERNAL
                || known.failure() == Failure.DEADLINE_EXCEEDED;
    }

    /** How many answers it computed or failed to. */
    long computed() {
        return computed.sum();
    }

    /** The share of them that failed. */
    double errorRate() {
        long all = computed();
        return all == 0 ? 0 : (double) failed.sum() / all;
    }

    /** The microseconds of the answers that it computed within the last minute. */
    Histogram lastMinute() {
        return latency.lastMinute();
    }
}
