package io.hemline.serving.batch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How batches are made.
 *
 * <p>Immutable.
 *
 * @param maxSize the most rows of one batch; the model's own list of sizes and what was measured may allow less
 * @param threads how many batches run at once; 0 = as many as pay, at most one for each processor
 * @param maxQueue the most rows that wait, a bound of memory; more are refused at once
 * @param maxWait the longest time that rows are expected to wait; where it would be longer they are refused at once
 * @param calibration how long a version may be measured before it goes live
 */
public record BatchConfig(int maxSize, int threads, int maxQueue, Duration maxWait, Duration calibration) {

    public BatchConfig {
        requireNonNull(maxWait, "maxWait");
        requireNonNull(calibration, "calibration");
        if (maxSize < 1 || maxSize > 1024) {
            throw new IllegalArgumentException("maxSize: 1 to 1024 rows, not " + maxSize);
        }
        if (threads < 0 || threads > 256) {
            throw new IllegalArgumentException("threads: 0 (as many as pay) to 256, not " + threads);
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

    /** Whatever was measured to pay; a wait that leaves half of 150 ms for all that comes before and after it. */
    public static BatchConfig defaults() {
        return new BatchConfig(32, 0, 1024, Duration.ofMillis(75), Duration.ofMillis(300));
    }

    /** How much may wait. */
    public QueueLimit queueLimit() {
        return new QueueLimit(maxQueue, maxWait);
    }

    /** The most threads that run batches. */
    public int maxThreads() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
