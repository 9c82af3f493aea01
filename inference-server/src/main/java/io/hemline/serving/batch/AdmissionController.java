package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Estimates how long queued and running rows will take, and decides whether further rows are admitted.
 *
 * <p>Guarded by the batcher's lock, except {@link EventLoopLag}, which is thread-safe.
 */
final class AdmissionController {

    /*
     * A number of rows is no measure of time: a thousand rows take 0.2 s on one graph and 5 s on another, and three times
     * that on a busy machine. So the work ahead is estimated in time:
     *   - the calibrated cost of its batches on all workers,
     *   - times the recent slowdown of batches against calibration (wall-clock time, so a contended CPU counts),
     *   - plus the event-loop lag: the recent delay between a result and its delivery on the caller's event loop. Under a
     *     flood of rejected requests this is the longest queue of all.
     *
     * The estimate is conservative: a running batch counts in full; the slowdown rises quickly and falls slowly; and when
     * no batch has ended for longer than the largest one should take, that time sets the slowdown. This costs no
     * throughput, since the workers' queue lasts for a part of the longest wait.
     *
     * Rows are admitted when the wait is at most maxWait and they will finish before their deadline. Rows with no work
     * ahead of them are always admitted: a large request or a slow graph must be answered, and its run corrects the
     * estimate. One batch at most roughly doubles the slowdown.
     *
     * A short stall is not overload. While a version loads or another process has the CPU, little work takes long for a
     * moment. For half a second after the last short wait, rows may therefore wait five times maxWait if by calibrated
     * costs alone their wait would be short.
     */
    private static final double WEIGHT_WHEN_SLOWER = 0.3;
    private static final double WEIGHT_WHEN_FASTER = 0.1;
    private static final double MAX_RISE = 4;
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int STALL_FACTOR = 5;

    /** A wait is short if it is at most maxWait divided by this. */
    private static final int SHORT_DIVISOR = 4;

    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final BatchSizes sizes;
    private final int workers;
    private final long maxWaitNanos;
    private final EventLoopLag eventLoopLag;
    private double slowdown = 1;
    private int runningRows;
    private long lastProgressNanos;
    private long lastShortWaitNanos = LONG_AGO;

    AdmissionController(BatchSizes sizes, int workers, Duration maxWait, EventLoopLag eventLoopLag) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.workers = workers;
        this.maxWaitNanos = maxWait.toNanos();
        this.eventLoopLag = requireNonNull(eventLoopLag, "eventLoopLag");
    }

    /** Whether {@code rows} behind {@code queued} rows are expected to finish before their deadline. */
    boolean admits(int rows, int queued, long now, long deadlineNanos) {
        if (queued + runningRows == 0) {
            lastShortWaitNanos = now;
            return true;
        }
        long wait = waitNanos(queued, now);
        if (wait <= maxWaitNanos / SHORT_DIVISOR) {
            lastShortWaitNanos = now;
        }
        boolean stalled = now - lastShortWaitNanos < STALL_NANOS
                && nanos(queued + runningRows, 1) <= maxWaitNanos / SHORT_DIVISOR;
        long limit = stalled ? STALL_FACTOR * maxWaitNanos : maxWaitNanos;
        return wait <= limit && wait + nanos(rows, slowdown) <= deadlineNanos - now;
    }

    /** The expected wait of rows that arrive now behind {@code queued} rows. */
    long waitNanos(int queued, long now) {
        double current = slowdown;
        long largest = sizes.nanos(sizes.max());
        if (runningRows > 0 && largest > 0) {
            current = Math.max(current, (double) (now - lastProgressNanos) / largest);
        }
        return nanos(queued + runningRows, current) + eventLoopLag.nanos();
    }

    /** Notes the start of a batch. */
    void started(int rows, long now) {
        if (runningRows == 0) {
            lastProgressNanos = now;
        }
        runningRows += rows;
    }

    /** Notes the end of a batch that ran for {@code nanos}. */
    void ended(int rows, long nanos, long now) {
        runningRows -= rows;
        lastProgressNanos = now;
        long calibrated = sizes.nanos(rows);
        if (calibrated > 0) {
            double observed = Math.min((double) nanos / calibrated, MAX_RISE * slowdown);
            double weight = observed > slowdown ? WEIGHT_WHEN_SLOWER : WEIGHT_WHEN_FASTER;
            slowdown += weight * (observed - slowdown);
        }
    }

    /** The reason of a rejection, as the caller reads it. */
    String rejectionMessage(int rows, int queued, long now) {
        return (queued + runningRows) + " rows wait or run, " + rows + " more would wait about "
                + TimeUnit.NANOSECONDS.toMillis(waitNanos(queued, now)) + " ms: longer than "
                + TimeUnit.NANOSECONDS.toMillis(maxWaitNanos) + " ms (batch.max-wait) or than their deadline allows";
    }

    private long nanos(int rows, double factor) {
        return (long) (factor * sizes.nanosOfAll(rows) / workers);
    }

    /**
     * Moving average of the delay between a result and its delivery on the caller's event loop.
     *
     * <p>Thread-safe: an atomic. Of two concurrent records one may be lost, which an average tolerates.
     */
    static final class EventLoopLag {

        private static final int WEIGHT = 8;

        private final AtomicLong average = new AtomicLong();

        void record(long nanos) {
            long before = average.get();
            average.set(before + (nanos - before) / WEIGHT);
        }

        long nanos() {
            return average.get();
        }
    }
}
