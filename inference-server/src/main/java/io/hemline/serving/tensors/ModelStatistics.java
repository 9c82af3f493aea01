package io.hemline.serving.tensors;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Function;

/**
 * The runs of one model version since it was loaded, for tensors and forecasts alike.
 *
 * <p>Immutable.
 *
 * @param name of the model
 * @param version its number
 * @param lastInferenceMillis when it last ran, milliseconds since 1970; 0 when it never has
 * @param success requests that were answered, from queue to answer
 * @param fail requests that failed
 * @param queue the waits of requests, once for each batch that they were part of
 * @param batches the runs by the number of rows, ascending
 */
public record ModelStatistics(
        String name,
        String version,
        long lastInferenceMillis,
        Total success,
        Total fail,
        Total queue,
        List<Batch> batches) {

    public ModelStatistics {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(success, "success");
        requireNonNull(fail, "fail");
        requireNonNull(queue, "queue");
        batches = List.copyOf(batches);
    }

    /** The number of rows that were run. */
    public long rows() {
        return batches.stream()
                .mapToLong(batch -> batch.rows() * batch.infer().count())
                .sum();
    }

    /** One part of all runs. */
    public Total sum(Function<Batch, Total> part) {
        return batches.stream()
                .map(part)
                .reduce(Total.NONE, (one, other) -> new Total(one.count + other.count, one.nanos + other.nanos));
    }

    /**
     * Count and total duration.
     *
     * @param count of runs
     * @param nanos in total
     */
    public record Total(long count, long nanos) {

        public static final Total NONE = new Total(0, 0);
    }

    /**
     * The runs of one size.
     *
     * @param rows in each of them
     * @param input copying rows into the graph's inputs, decoding of images included
     * @param infer running the graph
     * @param output copying results out
     */
    public record Batch(int rows, Total input, Total infer, Total output) {}
}
