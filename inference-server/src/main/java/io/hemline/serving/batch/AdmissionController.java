package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long what was let in will still take, and whether more may be let in.
 *
 * <p>Confined to whoever holds the batcher's lock, but for the way back, which is told by any thread.
 */
final class AdmissionController {

    /*
     * A count of rows says nothing of time: a thousand rows are a fifth of a second for one graph and five for another, and
     * three times that while other programs want the processors. So what waits and what runs is counted in time:
     *   - what its batches cost when the version was measured, by all workers together,
     *   - times how much slower batches have been of late (by the clock, so contended processors count),
     *   - plus the way back: how long results lately lay until the event loop that asked came to take them. Under a flood of
     *     requests that are turned away this is the longest queue of all.
     *
     * The estimate errs on the long side: a running batch counts as if it had just begun; slower batches count at once and
     * faster ones by and by; and when no batch has ended for longer than one should take, that is the pace, before any
     * batch tells. This costs no throughput, for the workers have enough to do for a part of the longest wait, and what
     * was let in by a short estimate could be answered in time by nobody.
     *
     * Rows are let in when what is before them takes at most the longest wait, and they themselves are done before their
     * deadline. Whoever finds nothing before them is let in: so large a request, or so slow a graph, must still be answered
     * by somebody, and the estimate mends itself by what is seen. One batch moves it to no more than about double.
     *
     * A stall is no flood. While another version is loaded, or another program has the processors, little work takes long for
     * a moment, and its callers would rather wait than be turned away. So for half a second after the wait was last short,
     * rows may wait five times as long when by the measured costs alone they would hardly wait at all.
     */
    private static final double SLOWER = 0.3;
    private static final double FASTER = 0.1;
    private static final double MOST_AT_ONCE = 4;
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int IN_A_STALL = 5;
    private static final int SHORT = 4;
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final BatchSizes sizes;
    private final int workers;
    private final long maxWaitNanos;
    private final EventLoopLag wayBack;
    private double slowness = 1;
    private int running;
    private long lastStepNanos;
    private long shortNanos = LONG_AGO;

    AdmissionController(BatchSizes sizes, int workers, Duration maxWait, EventLoopLag wayBack) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.workers = workers;
        this.maxWaitNanos = maxWait.toNanos();
        this.wayBack = requireNonNull(wayBack, "wayBack");
    }

    /** Whether so many rows behind so many that are queued would be done before their deadline. */
    boolean admits(int rows, int queued, long now, long deadlineNanos) {
        if (queued + running == 0) {
            shortNanos = now;
            return true;
        }
        long wait = waitNanos(queued, now);
        if (wait <= maxWaitNanos / SHORT) {
            shortNanos = now;
        }
        boolean stalled = now - shortNanos < STALL_NANOS && nanos(queued + running, 1) <= maxWaitNanos / SHORT;
        long longest = stalled ? IN_A_STALL * maxWaitNanos : maxWaitNanos;
        return wait <= longest && wait + nanos(rows, slowness) <= deadlineNanos - now;
    }

    /** How long rows would wait that come now, behind so many that are queued. */
    long waitNanos(int queued, long now) {
        double pace = slowness;
        long greatest = sizes.nanos(sizes.max());
        if (running > 0 && greatest > 0) {
            pace = Math.max(pace, (double) (now - lastStepNanos) / greatest);
        }
        return nanos(queued + running, pace) + wayBack.nanos();
    }

    void started(int rows, long now) {
        if (running == 0) {
            lastStepNanos = now;
        }
        running += rows;
    }

    /** So many rows were run, together, in so many nanoseconds. */
    void ended(int rows, long nanos, long now) {
        running -= rows;
        lastStepNanos = now;
        long measured = sizes.nanos(rows);
        if (measured > 0) {
            double seen = Math.min((double) nanos / measured, MOST_AT_ONCE * slowness);
            slowness += (seen > slowness ? SLOWER : FASTER) * (seen - slowness);
        }
    }

    /** What a caller is told. */
    String refusal(int rows, int queued, long now) {
        return (queued + running) + " rows wait or run, " + rows + " more would wait about "
                + TimeUnit.NANOSECONDS.toMillis(waitNanos(queued, now)) + " ms: longer than "
                + TimeUnit.NANOSECONDS.toMillis(maxWaitNanos) + " ms (batch.max-wait) or than their deadline allows";
    }

    private long nanos(int rows, double pace) {
        return (long) (pace * sizes.nanosOfAll(rows) / workers);
    }
}
