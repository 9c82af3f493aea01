package io.hemline.serving.batch;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;

/**
 * The batch sizes that a model was warmed for, ascending.
 *
 * <p>Immutable.
 */
public final class BatchSizes {

    /*
     * Split or pad. With 1, 2, 4, 8 allowed and seven rows waiting one can run 4, then 2, then 1, or fill up to 8 with a
     * row of nothing. Which is cheaper depends on the graph: one whose rows cost the same in every size is better split,
     * one with a high cost of the call itself, as the demo's, is better padded. So the cost of each size is measured when
     * the model is warmed, and for every number of waiting rows the cheaper way is chosen. Without a measure they are
     * split.
     */
    private final int[] sizes;

    /** How many rows to take when so many wait: the index is the number that wait, up to the greatest size. */
    private final int[] plan;

    /** What a batch of each size costs; all 0 without a measure. */
    private final long[] nanos;

    private BatchSizes(int[] sizes, int[] plan, long[] nanos) {
        this.sizes = sizes;
        this.plan = plan;
        this.nanos = nanos;
    }

    /** Those of the allowed sizes that are not above {@code max}; the smallest of them if all are. */
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

    /** The same sizes with the time that a batch of each takes, in the order of {@link #all}. */
    public BatchSizes measured(long[] nanos) {
        if (nanos.length != sizes.length) {
            throw new IllegalArgumentException("nanos: one for each of " + this + ", not " + nanos.length);
        }
        int[] cheaper = plan.clone();
        long[] cost = new long[plan.length];
        for (int waiting = 1; waiting < plan.length; waiting++) {
            int split = filled(sizes, waiting);
            long padding = nanos[index(waiting)];
            // Below the smallest size there is nothing to split.
            long splitting = split == waiting ? padding : nanos[index(split)] + cost[waiting - split];
            cheaper[waiting] = padding < splitting ? waiting : split;
            cost[waiting] = Math.min(padding, splitting);
        }
        return new BatchSizes(sizes, cheaper, nanos.clone());
    }

    /** The same sizes, and the same ways to make them up, up to a size of them. */
    BatchSizes upTo(int max) {
        int[] kept = Arrays.copyOf(sizes, index(max) + 1);
        return new BatchSizes(kept, Arrays.copyOf(plan, kept[kept.length - 1] + 1), Arrays.copyOf(nanos, kept.length));
    }

    /** The greatest size that the waiting rows fill, else all of them. */
    private static int filled(int[] sizes, int waiting) {
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] <= waiting) {
                return sizes[i];
            }
        }
        return waiting;
    }

    /** The greatest size. */
    public int max() {
        return sizes[sizes.length - 1];
    }

    /** How many of the waiting rows make up the next batch. */
    public int take(int waiting) {
        return plan[Math.min(waiting, max())];
    }

    /** The size in which so many rows are run: the smallest that holds them. */
    public int padded(int rows) {
        return sizes[index(rows)];
    }

    /** How long it takes at least to run so many rows, of which only a greatest batch is taken; 0 without a measure. */
    long nanos(int rows) {
        return rows == 0 ? 0 : nanos[index(take(rows))];
    }

    /** How long it takes one worker to run so many rows, batch after batch; 0 without a measure. */
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
