package io.hemline.serving.lifecycle;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The latency and the error rate of a version's answers. Hits of its cache say nothing of failures,
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
        if (isVersionsFault(failure)) {
            computed.increment();
            failed.increment();
            failures.record(nanos);
        }
    }

    private static boolean isVersionsFault(@Nullable Throwable failure) {
        return !(failure instanceof ForecastException known)
                || known.failure() == Failure.INTERNAL
                || known.failure() == Failure.DEADLINE_EXCEEDED;
    }

    /** The latencies of all answers within the last minute, cache hits included, in microseconds. */
    public Histogram lastMinuteOfAll() {
        return answers.lastMinute();
    }

    /** The answers that the version computed or failed to compute since it is live. */
    public long computed() {
        return computed.sum();
    }

    /**
     * The share of failed answers within the last minute if it had at least {@code enough} answers, else since the
     * version is live. The short window keeps a long good time from hiding recent failures.
     */
    public double errorRate(int enough) {
        long recentFailures = failures.lastMinute().getTotalCount();
        long recent = recentFailures + computations.lastMinute().getTotalCount();
        if (recent >= enough) {
            return (double) recentFailures / recent;
        }
        long all = computed();
        return all == 0 ? 0 : (double) failed.sum() / all;
    }

    /** The latencies of the last minute's computed answers, in microseconds. */
    public Histogram lastMinute() {
        return computations.lastMinute();
    }
}
