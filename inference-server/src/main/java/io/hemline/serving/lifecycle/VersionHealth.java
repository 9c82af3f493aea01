package io.hemline.serving.lifecycle;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;
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
public final class VersionHealth {

    private final LongAdder computed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final RecentLatency latency;
    private final RecentLatency failures;

    public VersionHealth(LongSupplier nanoTime) {
        this.latency = new RecentLatency(nanoTime);
        this.failures = new RecentLatency(nanoTime);
    }

    public void record(@Nullable Answer answer, @Nullable Throwable failure, long nanos) {
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
            failures.record(nanos);
        }
    }

    private static boolean isTheVersions(@Nullable Throwable failure) {
        return !(failure instanceof ForecastException known)
                || known.failure() == Failure.INTERNAL
                || known.failure() == Failure.DEADLINE_EXCEEDED;
    }

    /** How many answers it computed or failed to, since it is live. */
    public long computed() {
        return computed.sum();
    }

    /**
     * The share of them that failed: within the last minute if there were so many, so that a long good time excuses
     * nothing, else since it is live.
     */
    public double errorRate(int enough) {
        long lately = failures.lastMinute().getTotalCount();
        long minute = lately + latency.lastMinute().getTotalCount();
        if (minute >= enough) {
            return (double) lately / minute;
        }
        long all = computed();
        return all == 0 ? 0 : (double) failed.sum() / all;
    }

    /** The microseconds of the answers that it computed within the last minute. */
    public Histogram lastMinute() {
        return latency.lastMinute();
    }
}
