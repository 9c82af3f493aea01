package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds of a batcher's queue.
 *
 * <p>Immutable.
 *
 * @param rows the most queued rows
 * @param maxWait the longest expected wait of queued rows
 */
public record QueueLimit(int rows, Duration maxWait) {

    private static final Duration UNBOUNDED = Duration.ofDays(1);

    public QueueLimit {
        requireNonNull(maxWait, "maxWait");
    }

    /** A bound of rows alone. */
    public static QueueLimit ofRows(int rows) {
        return new QueueLimit(rows, UNBOUNDED);
    }
}
