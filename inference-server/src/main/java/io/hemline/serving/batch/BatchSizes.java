package io.hemline.serving.batch;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;

/**
 * The batch sizes of a model version, ascending, with the calibrated cost of each.
 *
 * <p>Immutable.
 */
public final class BatchSizes {

    /*
     * Split or pad. With sizes 1, 2, 4, 8 and seven queued rows one can run batches of 4, 2 and 1, or one of 8 with a
     * padding row. Which is cheaper depends on the graph: splitting, where a row costs the same in every size; padding,
     * where the call itself is expensive. So calibration measures each size, and for every number of queued rows the
     * cheaper way is chosen. Without calibration, rows are split.
     */
    private final int[] sizes;

    /** The number of rows of the next batch, by the number of queued rows up to the largest size. */
    private final int[] plan;

    /** The cost of a batch of each size; all 0 without calibration. */
    private final long[] nanos;

    private BatchSizes(int[] sizes, int[] plan, long[] nanos) {
        this.sizes = sizes;
        this.plan = plan;
        this.nanos = nanos;
    }

    /** The allowed sizes up to {@code max}; the smallest allowed one if all exceed it. */
    public static BatchSizes of(Collection<Integer> allowed, int max) {
        int[] ascending =
                allowed.stream().mapToInt(Integer::intValue).sorted().distinct().toArray();
        if (ascending.length == 0 || ascending[0] < 1) {
            throw new IllegalArgumentException("allowed: batch sizes from 1 on, not " + allowed);
        }
        int[] kept = Arrays.stream(ascending).filter(size -> size <= max).toArray();
        int[] sizes = kept.length > 0 ? kept : new int[] {ascending[0]};
        int[] plan = IntStream.rangeClosed(0, sizes[sizes.length - 1])
                .map(waiting -> filled(sizes, waiting))
                .toArray();
        return new BatchSizes(sizes, plan, new long[sizes.length]);
    }

    /** The same sizes with the cost of a batch of each, in the order of {@link #all}. */
    public BatchSizes measured(long[] nanos) {
        if (nanos.length != sizes.length) {
            throw new IllegalArgumentException("nanos: one for each of " + this + ", not " + nanos.length);
        }
        int[] cheaper = plan.clone();
        long[] cost = new long[plan.length];
        for (int waiting = 1; waiting < plan.length; waiting++) {
            int split = filled(sizes, waiting);
            long padding = nanos[index(waiting)];
            // Fewer rows than the smallest size cannot be split.
            long splitting = split == waiting ? padding : nanos[index(split)] + cost[waiting - split];
            cheaper[waiting] = padding < splitting ? waiting : split;
            cost[waiting] = Math.min(padding, splitting);
        }
        return new BatchSizes(sizes, cheaper, nanos.clone());
    }

    /** The sizes up to {@code max}, one of them, with the same choices between splitting and padding. */
    BatchSizes upTo(int max) {
        int[] kept = Arrays.copyOf(sizes, index(max) + 1);
        return new BatchSizes(kept, Arrays.copyOf(plan, kept[kept.length - 1] + 1), Arrays.copyOf(nanos, kept.length));
    }

    /** The largest size that the queued rows fill; all of them if they fill none. */
    private static int filled(int[] sizes, int waiting) {
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] <= waiting) {
                return sizes[i];
            }
        }
        return waiting;
    }

    /** The largest size. */
    public int max() {
        return sizes[sizes.length - 1];
    }

    /** The number of rows of the next batch when {@code waiting} rows are queued. */
    public int take(int waiting) {
        return plan[Math.min(waiting, max())];
    }

    /** The batch size, padding included, that {@code rows} rows are run in: the smallest that holds them. */
    public int padded(int rows) {
        return sizes[index(rows)];
    }

    /** The cost of the next batch when {@code rows} rows are queued; 0 without calibration. */
    long nanos(int rows) {
        return rows == 0 ? 0 : nanos[index(take(rows))];
    }

    /** The cost of all batches of {@code rows} rows on one worker; 0 without calibration. */
    long nanosOfAll(int rows) {
        long sum = rows / max() * nanos[nanos.length - 1];
        for (int rest = rows % max(); rest > 0; rest -= take(rest)) {
            sum += nanos(rest);
        }
        return sum;
    }

    private int index(int rows) {
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] >= rows) {
                return i;
            }
        }
        throw new IllegalArgumentException("rows: at most " + max() + ", not " + rows);
    }

    /** All sizes, ascending. */
    public int[] all() {
        return sizes.clone();
    }

    @Override
    public String toString() {
        return Arrays.toString(sizes);
    }
}
