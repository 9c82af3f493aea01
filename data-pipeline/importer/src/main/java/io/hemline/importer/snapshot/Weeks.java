package io.hemline.importer.snapshot;

import io.hemline.serving.core.Series;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A span of at most 520 weeks from one Monday to another.
 *
 * <p>Immutable.
 *
 * @param last the Monday of the last week
 * @param count of weeks
 */
record Weeks(LocalDate last, int count) {

    static Weeks of(TrendRecord trend) {
        return new Weeks(trend.lastWeek(), trend.volume().length);
    }

    /** The span from the earlier first to the later last week of two, without what is older than 520 weeks. */
    Weeks union(Weeks other) {
        LocalDate end = last.isAfter(other.last) ? last : other.last;
        long length = Math.max(weeksTo(end) + count, other.weeksTo(end) + other.count);
        return new Weeks(end, (int) Math.min(length, Series.MAX_WEEKS));
    }

    /** The Monday of a week. */
    LocalDate monday(int index) {
        return last.minusWeeks(count - 1L - index);
    }

    /** Values of the weeks of another span on this one, NaN where the other has none. */
    double[] align(double[] values, Weeks from) {
        double[] aligned = new double[count];
        Arrays.fill(aligned, Double.NaN);
        long shift = count - 1L - from.weeksTo(last) - (from.count - 1L);
        for (int i = 0; i < values.length; i++) {
            long to = i + shift;
            if (to >= 0 && to < count) {
                aligned[(int) to] = values[i];
            }
        }
        return aligned;
    }

    /** Like {@link #align}, for values that may be absent. */
    double @Nullable [] alignPresent(double @Nullable [] values, Weeks from) {
        return values == null ? null : align(values, from);
    }

    private long weeksTo(LocalDate end) {
        return ChronoUnit.WEEKS.between(last, end);
    }
}
