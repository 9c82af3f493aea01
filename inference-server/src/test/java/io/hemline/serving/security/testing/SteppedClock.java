package io.hemline.serving.security.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands where a test puts it. */
public final class SteppedClock extends Clock {

    private final Instant start;
    private Duration since = Duration.ZERO;

    public SteppedClock(Instant start) {
        this.start = start;
    }

    /** Puts it to that long after its start. */
    public void at(Duration since) {
        this.since = since;
    }

    /** The same time as {@link System#nanoTime} would tell it. */
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
