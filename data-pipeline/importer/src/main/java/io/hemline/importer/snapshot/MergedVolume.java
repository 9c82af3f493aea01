package io.hemline.importer.snapshot;

import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.weekly.WeeklySeries;
import io.hemline.serving.core.Series;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The volume of one trend, to which series are added from the oldest to the newest.
 *
 * <p>The ledger counts the values of this import's series as kept. Those that a newer series of the same import replaces
 * become merged, those that fall out become refused, so that the account stays balanced.
 *
 * <p>Confined to one thread.
 */
final class MergedVolume {

    /*
     * A source that renormalises scales each download so that its greatest value is 100. Two downloads of one series
     * therefore differ by a factor, which the weeks that both observed give: the ratio of their sums, new to old, in
     * which rounded small values weigh little.
     */
    private final String name;
    private final Ledger ledger;
    private @Nullable Weeks weeks;
    private double[] volume = {};

    /** 1 for the values that a series of this import brought, NaN for others. */
    private double[] imported = {};

    MergedVolume(String name, Ledger ledger) {
        this.name = name;
        this.ledger = ledger;
    }

    /** Begins with the volume of an earlier import. */
    void begin(TrendRecord earlier) {
        weeks = Weeks.of(earlier);
        volume = earlier.volume().clone();
        imported = new double[volume.length];
        Arrays.fill(imported, Double.NaN);
    }

    /** Adds a series that is newer than all before. */
    void add(WeeklySeries newer) {
        Weeks span = new Weeks(newer.lastWeek(), newer.volume().length);
        Place place = new Place(newer.table(), 0, 0);
        if (weeks == null) {
            take(newer, span);
            return;
        }
        Weeks all = weeks.union(span);
        double[] before = all.align(volume, weeks);
        double[] after = all.align(newer.volume(), span);
        if (newer.renormalised() && !splice(before, after, place)) {
            refuse(Rule.NO_COMMON_WEEK, weeks, imported, weeks.count(), place);
            take(newer, span);
            return;
        }
        if (!newer.renormalised()) {
            tellReplaced(before, after, place);
        }
        refuseOlder(all, weeks, imported, place);
        double[] marks = all.align(imported, weeks);
        double[] newMarks = marksOf(newer.volume());
        refuseOlder(all, span, newMarks, place);
        newMarks = all.align(newMarks, span);
        countReplaced(marks, newMarks);
        for (int i = 0; i < after.length; i++) {
            if (!Double.isNaN(after[i])) {
                before[i] = after[i];
                marks[i] = newMarks[i];
            }
        }
        weeks = all;
        volume = before;
        imported = marks;
    }

    Weeks weeks() {
        if (weeks == null) {
            throw new IllegalStateException("no series was added to " + name);
        }
        return weeks;
    }

    double[] volume() {
        return volume;
    }

    private void take(WeeklySeries newer, Weeks span) {
        weeks = span;
        volume = newer.volume().clone();
        imported = marksOf(volume);
    }

    /** Scales the earlier weeks to the newer ones; false if no common weeks give a ratio. */
    private boolean splice(double[] before, double[] after, Place place) {
        double oldSum = 0;
        double newSum = 0;
        int common = 0;
        for (int i = 0; i < before.length; i++) {
            if (!Double.isNaN(before[i]) && !Double.isNaN(after[i])) {
                oldSum += before[i];
                newSum += after[i];
                common++;
            }
        }
        double ratio = newSum / oldSum;
        double max = Arrays.stream(before)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
        if (!(ratio > 0 && max * ratio <= Series.MAX_VALUE)) {
            ledger.apply(Rule.NO_COMMON_WEEK, place, common == 0 ? name : name + ": the common weeks are zero");
            return false;
        }
        for (int i = 0; i < before.length; i++) {
            before[i] *= ratio;
        }
        if (ratio != 1) {
            String weeksText = common == 1 ? " common week" : " common weeks";
            ledger.apply(Rule.SPLICED, place, name + ": × " + (float) ratio + ", by " + common + weeksText);
        }
        return true;
    }

    private void tellReplaced(double[] before, double[] after, Place place) {
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            boolean both = !Double.isNaN(before[i]) && !Double.isNaN(after[i]);
            changed += both && before[i] != after[i] ? 1 : 0;
        }
        if (changed > 0) {
            ledger.apply(Rule.REPLACED, place, name + ": " + changed + (changed == 1 ? " week" : " weeks"));
        }
    }

    private void countReplaced(double[] marks, double[] newMarks) {
        long replaced = 0;
        for (int i = 0; i < marks.length; i++) {
            replaced += !Double.isNaN(marks[i]) && !Double.isNaN(newMarks[i]) ? 1 : 0;
        }
        ledger.kept(-replaced);
        ledger.merged(replaced);
    }

    /** Refuses this import's values of a span that are older than the 520 weeks that stay. */
    private void refuseOlder(Weeks all, Weeks span, double[] marks, Place place) {
        int older = 0;
        while (older < span.count() && span.monday(older).isBefore(all.monday(0))) {
            older++;
        }
        refuse(Rule.BEYOND_520_WEEKS, span, marks, older, place);
    }

    /** Refuses this import's values among the first weeks of a span. */
    private void refuse(Rule rule, Weeks span, double[] marks, int count, Place place) {
        for (int i = 0; i < count; i++) {
            if (!Double.isNaN(marks[i])) {
                ledger.kept(-1);
                ledger.refuse(rule, place, name + ", " + span.monday(i));
            }
        }
    }

    private static double[] marksOf(double[] values) {
        return Arrays.stream(values)
                .map(value -> Double.isNaN(value) ? value : 1)
                .toArray();
    }
}
