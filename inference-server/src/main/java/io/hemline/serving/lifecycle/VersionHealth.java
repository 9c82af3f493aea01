package io.hemline.serving.lifecycle;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long the answers of a version take, and how often it fails to compute one. Hits of its cache say nothing of failures,
 * and neither do faults of clients or a server that is full.
 *
 * <p>Thread-safe: adders and a recorder.
 */
public final class VersionHealth {

    private final LongAdder computed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final RecentLatency answers;
    private final RecentLatency computations;
    private final RecentLatency failures;

    public VersionHealth(LongSupplier nanoTime) {
        this.answers = new RecentLatency(nanoTime);
        this.computations = new RecentLatency(nanoTime);
        this.failures = new RecentLatency(nanoTime);
    }

    /** Records a response that came from the cache. */
    void recordHit(long nanos) {
        answers.record(nanos);
    }

    /** Records a computed answer, or the failure of it. */
    public void record(@Nullable Answer answer, @Nullable Throwable failure, long nanos) {
        answers.record(nanos);
        if (answer != null) {
            if (answer.freshness().hits() == 0) {
                computed.increment();
                computations.record(nanos);
            }
            return;
        }
        if (isOfVersion(failure)) {
            computed.increment();
            failed.increment();
            failures.record(nanos);
        }
    }

    private static boolean isOfVersion(@Nullable Throwable failure) {
        return !(failure instanceof ForecastException known)
                || known.failure() == Failure.INTERNAL
                || known.failure() == Failure.DEADLINE_EXCEEDED;
    }

    /** The microseconds of all its answers within the last minute, hits included. */
    public Histogram lastMinuteOfAll() {
        return answers.lastMinute();
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
        long minute = lately + computations.lastMinute().getTotalCount();
        if (minute >= enough) {
            return (double) lately / minute;
        }
        long all = computed();
        return all == 0 ? 0 : (double) failed.sum() / all;
    }

    /** The microseconds of the answers that it computed within the last minute. */
    public Histogram lastMinute() {
        return computations.lastMinute();
    }
}
