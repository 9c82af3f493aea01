package io.hemline.importer.weekly;

import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The points of one series that no rule of dates refuses, in the order of time, one for each date.
 *
 * <p>Confined to one thread.
 */
final class AdmittedPoints {

    private final PointColumns points;
    private final Frequency frequency;
    private final WeekCalendar calendar;
    private final int today;
    private final Ledger ledger;

    /** The first day of a point's period above its number. */
    private final long[] keys;

    private boolean unsorted;
    private int size;

    AdmittedPoints(
            PointColumns points, int capacity, Frequency frequency, WeekCalendar calendar, int today, Ledger ledger) {
        this.points = points;
        this.frequency = frequency;
        this.calendar = calendar;
        this.today = today;
        this.ledger = ledger;
        this.keys = new long[capacity];
    }

    /** Adds the next point in the order of the file, or refuses it. */
    void add(int point) {
        int firstDay = firstDay(point);
        Rule rule = refusal(point, firstDay);
        if (rule != null) {
            refuse(point, rule);
            return;
        }
        unsorted |= size > 0 && firstDay < firstDayAt(size - 1);
        keys[size++] = ((long) firstDay << Integer.SIZE) | point;
    }

    /** Sorts the points; of several with one date, the last one in the file stays, or has the sum of all. */
    void sort(String series, boolean adds) {
        Arrays.sort(keys, 0, size);
        int unique = 0;
        for (int i = 0; i < size; i++) {
            if (i + 1 < size && firstDayAt(i) == firstDayAt(i + 1)) {
                merge(pointAt(i), pointAt(i + 1), series, adds);
            } else {
                keys[unique++] = keys[i];
            }
        }
        size = unique;
    }

    /** Whether the file does not hold the points in the order of time. */
    boolean unsorted() {
        return unsorted;
    }

    int size() {
        return size;
    }

    int pointAt(int position) {
        return (int) keys[position];
    }

    int firstDayAt(int position) {
        return (int) (keys[position] >> Integer.SIZE);
    }

    /** The week from Monday that a point belongs to. */
    int weekAt(int position) {
        int firstDay = firstDayAt(position);
        return frequency == Frequency.DAILY ? WeekCalendar.weekOf(firstDay) : WeekCalendar.weekOfMostDays(firstDay);
    }

    void refuse(int point, Rule rule) {
        ledger.refuse(rule, points.place(point), WeeklyTable.day(points.day(point)));
    }

    private int firstDay(int point) {
        return frequency == Frequency.DAILY
                ? points.day(point)
                : calendar.firstDay(points.day(point), points.unit(point));
    }

    private @Nullable Rule refusal(int point, int firstDay) {
        Unit unit = points.unit(point);
        boolean longer = unit == Unit.MONTH || unit == Unit.QUARTER || unit == Unit.YEAR;
        if (longer || (unit == Unit.WEEK && frequency == Frequency.DAILY)) {
            return Rule.OTHER_PERIOD;
        }
        if (firstDay > today) {
            return Rule.IN_THE_FUTURE;
        }
        boolean running = firstDay + (frequency == Frequency.DAILY ? 1 : WeekCalendar.WEEK_DAYS) > today;
        return points.partial(point) || running ? Rule.PARTIAL_WEEK : null;
    }

    private void merge(int earlier, int later, String series, boolean adds) {
        double dropped = points.value(earlier);
        double used = points.value(later);
        String where = series + ", " + WeeklyTable.day(points.day(later));
        if (adds) {
            points.setValue(later, dropped + used);
            ledger.apply(Rule.ADDED, points.place(later), where);
        } else if (dropped == used) {
            ledger.apply(Rule.DUPLICATE, points.place(later), where);
        } else {
            String which = ": " + used + " instead of " + dropped + " of row " + points.row(earlier);
            ledger.apply(Rule.CONFLICT, points.place(later), where + which);
        }
        ledger.merged(1);
    }
}
