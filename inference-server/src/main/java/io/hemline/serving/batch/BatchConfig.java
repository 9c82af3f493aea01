package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Settings of the batcher.
 *
 * <p>Immutable.
 *
 * @param maxSize the most rows of one batch; the model's list of sizes and calibration may lower it
 * @param threads number of batches that run at once; 0 = chosen by calibration, at most one for each processor
 * @param maxQueue the most queued rows, a bound of memory; more are rejected immediately
 * @param maxWait the longest expected wait of queued rows; rows that would wait longer are rejected immediately
 * @param calibration time budget for the calibration of a version before it goes live
 */
public record BatchConfig(int maxSize, int threads, int maxQueue, Duration maxWait, Duration calibration) {

    public BatchConfig {
        requireNonNull(maxWait, "maxWait");
        requireNonNull(calibration, "calibration");
        if (maxSize < 1 || maxSize > 1024) {
            throw new IllegalArgumentException("maxSize: 1 to 1024 rows, not " + maxSize);
        }
        if (threads < 0 || threads > 256) {
            throw new IllegalArgumentException("threads: 0 (chosen by calibration) to 256, not " + threads);
        }
        if (maxQueue < 1 || maxQueue > 1_000_000) {
            throw new IllegalArgumentException("maxQueue: 1 to 1000000 rows, not " + maxQueue);
        }
        if (maxWait.toMillis() < 1 || maxWait.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("maxWait: 1 ms to 1 h, not " + maxWait);
        }
        if (calibration.toMillis() < 1 || calibration.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("calibration: 1 ms to 1 m, not " + calibration);
        }
    }

    /** Calibrated threads, and a wait of half of 150 ms, the target latency of a request. */
    public static BatchConfig defaults() {
        return new BatchConfig(32, 0, 1024, Duration.ofMillis(75), Duration.ofMillis(300));
    }

    /** The bounds of the queue. */
    public QueueLimit queueLimit() {
        return new QueueLimit(maxQueue, maxWait);
    }

    /** The most threads that may run batches. */
    public int maxThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }

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
}
