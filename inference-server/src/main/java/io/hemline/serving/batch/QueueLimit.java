package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much may wait.
 *
 * <p>Immutable.
 *
 * @param rows the most rows
 * @param maxWait the longest time that rows are expected to wait
 */
public record QueueLimit(int rows, Duration maxWait) {

    private static final Duration ANY = Duration.ofDays(1);

    public QueueLimit {
        requireNonNull(maxWait, "maxWait");
    }

    /** However long they wait. */
    public static QueueLimit ofRows(int rows) {
        return new QueueLimit(rows, ANY);
    }
}
