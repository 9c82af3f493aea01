package io.hemline.serving.protocol;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one version of a model has done since it was loaded, for tensors and for forecasts alike.
 *
 * <p>Immutable.
 *
 * @param name of the model
 * @param version its number
 * @param lastInferenceMillis when it last ran, milliseconds since 1970; 0 when it never has
 * @param success requests that were answered, from the queue to the answer
 * @param fail requests that were not
 * @param batches what was run, by the number of rows, ascending
 */
public record ModelStatistics(
        String name, String version, long lastInferenceMillis, Total success, Total fail, List<Batch> batches) {

    public ModelStatistics {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(success, "success");
        requireNonNull(fail, "fail");
        batches = List.copyOf(batches);
    }

    /** How many rows were run. */
    long rows() {
        return batches.stream()
                .mapToLong(batch -> batch.rows() * batch.compute().count())
                .sum();
    }

    /** All runs of the graph. */
    Total compute() {
        long count =
                batches.stream().mapToLong(batch -> batch.compute().count()).sum();
        long nanos =
                batches.stream().mapToLong(batch -> batch.compute().nanos()).sum();
        return new Total(count, nanos);
    }

    /**
     * How often, and how long taken together.
     *
     * @param count how often
     * @param nanos how long
     */
    public record Total(long count, long nanos) {

        static final Total NONE = new Total(0, 0);
    }

    /**
     * The runs of one size.
     *
     * @param rows in each of them
     * @param compute how often and how long
     */
    public record Batch(int rows, Total compute) {}
}
