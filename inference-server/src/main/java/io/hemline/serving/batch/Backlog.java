package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long what was let in will still take, and whether more may be let in.
 *
 * <p>Confined to whoever holds the batcher's lock, but for the way back, which is told by any thread.
 */
final class Backlog {

    /*
     * A count of rows says nothing of time: a thousand rows are a fifth of a second for one graph and five for another, and
     * three times that while other programs want the processors. So what waits and what runs is counted in time:
     *   - what its batches cost when the version was measured, by all workers together,
     *   - times how much slower batches have been of late (by the clock, so contended processors count),
     *   - plus the way back: how long results lately lay until the event loop that asked came to take them. Under a flood of
     *     requests that are turned away this is the longest queue of all.
     *
     * A running batch counts as if it had just begun, so that the estimate errs on the long side. Rows are let in when
     * what is before them takes at most the longest wait, and they themselves are done before their deadline. Whoever
     * finds nothing before them is let in: so large a request, or so slow a graph, must still be answered by somebody, and
     * the estimate mends itself by what is seen. One batch that was held up moves it by little, and never by more than four
     * times its value, for a single pause is no pace.
     */
    private static final double WEIGHT = 0.1;
    private static final double MOST_AT_ONCE = 4;

    private final BatchSizes sizes;
    private final int workers;
    private final long maxWaitNanos;
    private final WayBack wayBack;
    private double slowness = 1;
    private int running;

    Backlog(BatchSizes sizes, int workers, Duration maxWait, WayBack wayBack) {
        this.sizes = requireNonNull(sizes, "sizes");
        this.workers = workers;
        this.maxWaitNanos = maxWait.toNanos();
        this.wayBack = requireNonNull(wayBack, "wayBack");
    }

    /** Whether so many rows behind so many that are queued would be done within so many nanoseconds. */
    boolean admits(int rows, int queued, long nanosLeft) {
        if (queued + running == 0) {
            return true;
        }
        long wait = waitNanos(queued);
        return wait <= maxWaitNanos && wait + nanos(rows) <= nanosLeft;
    }

    /** How long rows would wait that come now, behind so many that are queued. */
    long waitNanos(int queued) {
        return nanos(queued + running) + wayBack.nanos();
    }

    void started(int rows) {
        running += rows;
    }

    /** So many rows were run, together, in so many nanoseconds. */
    void ended(int rows, long nanos) {
        running -= rows;
        long measured = sizes.nanos(rows);
        if (measured > 0) {
            double seen = Math.min((double) nanos / measured, MOST_AT_ONCE * slowness);
            slowness += WEIGHT * (seen - slowness);
        }
    }

    /** What a caller is told. */
    String refusal(int rows, int queued) {
        return (queued + running) + " rows wait or run, " + rows + " more would wait about "
                + TimeUnit.NANOSECONDS.toMillis(waitNanos(queued)) + " ms: longer than "
                + TimeUnit.NANOSECONDS.toMillis(maxWaitNanos) + " ms (batch.max-wait) or than their deadline allows";
    }

    private long nanos(int rows) {
        return (long) (slowness * sizes.nanosOfAll(rows) / workers);
    }
}
