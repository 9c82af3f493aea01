package io.hemline.serving.lifecycle;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The latencies of the last minute, in intervals of ten seconds.
 *
 * <p>Thread-safe: the recorder is; {@code this} guards the intervals.
 */
public final class RecentLatency {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int INTERVALS = 6;
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 2;

    private final LongSupplier nanoTime;
    private final Recorder recorder = new Recorder(MAX_MICROS, DIGITS);
    private volatile long intervalEnd;

    @GuardedBy("this") private final ArrayDeque<Interval> intervals = new ArrayDeque<>();

    public RecentLatency(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.intervalEnd = nanoTime.getAsLong() + INTERVAL_NANOS;
    }

    public void record(long nanos) {
        long now = nanoTime.getAsLong();
        if (now - intervalEnd >= 0) {
            rotate(now);
        }
        recorder.recordValue(Math.min(MAX_MICROS, Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos))));
    }

    /** The last minute's latencies in microseconds. */
    public synchronized Histogram lastMinute() {
        long now = nanoTime.getAsLong();
        rotate(now);
        Histogram sum = new Histogram(MAX_MICROS, DIGITS);
        for (Interval interval : intervals) {
            if (now - interval.end <= INTERVALS * INTERVAL_NANOS) {
                sum.add(interval.histogram);
            }
        }
        return sum;
    }

    private synchronized void rotate(long now) {
        // After an idle time nothing was recorded since the interval should have ended.
        long end = now - intervalEnd < 0 ? now : intervalEnd;
        intervals.addLast(new Interval(end, recorder.getIntervalHistogram()));
        while (intervals.size() > INTERVALS && now - intervals.getFirst().end > INTERVALS * INTERVAL_NANOS) {
            intervals.removeFirst();
        }
        intervalEnd = now + INTERVAL_NANOS;
    }

    private record Interval(long end, Histogram histogram) {}
}
