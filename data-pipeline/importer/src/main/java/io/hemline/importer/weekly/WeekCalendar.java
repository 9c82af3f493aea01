package io.hemline.importer.weekly;

import io.hemline.importer.layout.WeekLabel;
import io.hemline.importer.parse.Period.Unit;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which seven days the date of a week means, and which week from Monday holds most of them. Days are counted from
 * 1970-01-01, weeks from the one with that day.
 *
 * <p>Immutable.
 */
final class WeekCalendar {

    static final int WEEK_DAYS = 7;

    /** Days after a Monday. */
    static final int SATURDAY = 5;

    /** Days after a Monday. */
    static final int SUNDAY = 6;

    /** 1970-01-01 is a Thursday. */
    private static final int DAYS_FROM_MONDAY = 3;

    /** A week that starts at most three days before a Monday has most of its days after it. */
    private static final int DAYS_BEFORE_NEXT_MONDAY = 3;

    private final @Nullable DayOfWeek starts;
    private final boolean lastDay;

    private WeekCalendar(@Nullable DayOfWeek starts, boolean lastDay) {
        this.starts = starts;
        this.lastDay = lastDay;
    }

    /** The calendar of weeks that start on a known day. */
    static WeekCalendar startingOn(DayOfWeek day) {
        return new WeekCalendar(day, false);
    }

    /**
     * The calendar of weeks whose dates are labelled in some way. Where that is unknown, the usual day of the dates
     * decides: weeks that are dated by a Friday or a Saturday end on it (financial weeks, American retail), others start
     * on their date.
     */
    static WeekCalendar labelled(WeekLabel label, DayOfWeek usual) {
        boolean ends = usual == DayOfWeek.FRIDAY || usual == DayOfWeek.SATURDAY;
        return new WeekCalendar(null, label == WeekLabel.LAST_DAY || (label == WeekLabel.UNKNOWN && ends));
    }

    /** The first of the seven days that a date means. A week that its text names begins on its first day. */
    int firstDay(int epochDay, Unit unit) {
        if (unit == Unit.WEEK) {
            return epochDay;
        }
        if (starts == null) {
            return lastDay ? epochDay - (WEEK_DAYS - 1) : epochDay;
        }
        int daysAfterStart = Math.floorMod(daysAfterMonday(epochDay) - (starts.getValue() - 1), WEEK_DAYS);
        return epochDay - daysAfterStart;
    }

    /** What becomes of the weeks, such as {@code weeks start on Sunday; each becomes the week of the next Monday}. */
    String describe(DayOfWeek usual, boolean severalDays) {
        if (severalDays) {
            return "weeks " + (lastDay ? "end" : "start") + " on several days, most often " + name(usual)
                    + "; each becomes the week from Monday that holds most of its days";
        }
        DayOfWeek first = lastDay ? usual.plus(1) : usual;
        String text = lastDay ? "dates are the last day of a week" : "weeks start on " + name(first);
        if (lastDay) {
            text += ", " + name(usual);
        }
        if (first == DayOfWeek.MONDAY) {
            return text;
        }
        boolean next = first.compareTo(DayOfWeek.FRIDAY) >= 0;
        return text + "; each becomes the week " + (next ? "of the next Monday" : "of the Monday before");
    }

    /** The week from Monday that holds most of the seven days from a first day on. */
    static int weekOfMostDays(int firstDay) {
        return weekOf(firstDay + DAYS_BEFORE_NEXT_MONDAY);
    }

    /** The week from Monday that holds a day. */
    static int weekOf(int epochDay) {
        return Math.floorDiv(epochDay + DAYS_FROM_MONDAY, WEEK_DAYS);
    }

    /** The Monday of a week. */
    static int monday(int week) {
        return week * WEEK_DAYS - DAYS_FROM_MONDAY;
    }

    /** How many days after a Monday a day is, 0 to 6. */
    static int daysAfterMonday(int epochDay) {
        return Math.floorMod(epochDay + DAYS_FROM_MONDAY, WEEK_DAYS);
    }

    private static String name(DayOfWeek day) {
        return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }
}
