package io.hemline.serving.security.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that a test sets.
 *
 * <p>Confined to the thread of its test.
 */
public final class SteppedClock extends Clock {

    private final Instant start;
    private Duration since = Duration.ZERO;

    public SteppedClock(Instant start) {
        this.start = start;
    }

    /** Sets the time since the start. */
    public void at(Duration since) {
        this.since = since;
    }

    /** The same time in place of {@link System#nanoTime}. */
    public long nanos() {
        return since.toNanos();
    }

    @Override
    public Instant instant() {
        return start.plus(since);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
