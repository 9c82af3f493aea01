package io.hemline.serving.batch;

/**
 * How batches are made.
 *
 * <p>Immutable.
 *
 * @param maxSize the most rows of one batch; the model's own list of sizes may allow less
 * @param threads how many batches run at once; 0 = one for each processor
 * @param maxQueue the most rows that wait; more are refused at once
 */
public record BatchConfig(int maxSize, int threads, int maxQueue) {

    public BatchConfig {
        if (maxSize < 1 || maxSize > 1024) {
            throw new IllegalArgumentException("maxSize: 1 to 1024 rows, not " + maxSize);
        }
        if (threads < 0 || threads > 256) {
            throw new IllegalArgumentException("threads: 0 (one for each processor) to 256, not " + threads);
        }
        if (maxQueue < 1 || maxQueue > 1_000_000) {
            throw new IllegalArgumentException("maxQueue: 1 to 1000000 rows, not " + maxQueue);
        }
    }

    /** Up to 8 rows at once, for more make each row slower; half a second of waiting at 2,000 rows a second. */
    public static BatchConfig defaults() {
        return new BatchConfig(8, 0, 1024);
    }

    /** The number of threads, with 0 resolved. */
    public int workers() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
