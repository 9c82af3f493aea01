package io.hemline.importer.parse;

import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.parse.Period.Unit;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.WeekFields;
import org.jspecify.annotations.Nullable;

/**
 * A date as its text says it, before the times of the column are understood.
 *
 * <p>Immutable.
 *
 * @param date first day of the period
 * @param unit of the period, {@code DAY} for a time too
 * @param problem why the text names no period; the date is then of no meaning
 * @param secondOfDay time of the day, 0 without one
 * @param zoned whether a zone or an offset is written
 */
record Reading(LocalDate date, Unit unit, Problem problem, int secondOfDay, boolean zoned) {

    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 2999;

    /** A day; null if the calendar has no such day. */
    static @Nullable Reading day(int year, int month, int day) {
        if (!isYear(year) || month < 1 || month > 12 || day < 1 || day > 31) {
            return null;
        }
        if (day > 28 && day > LocalDate.of(year, month, 1).lengthOfMonth()) {
            return null;
        }
        return of(LocalDate.of(year, month, day), Unit.DAY);
    }

    /** A month, quarter or year by its first month; null if there is none. */
    static @Nullable Reading months(int year, int firstMonth, Unit unit) {
        return isYear(year) && firstMonth >= 1 && firstMonth <= 12 ? of(LocalDate.of(year, firstMonth, 1), unit) : null;
    }

    /** An ISO week; null if no year has it. */
    static @Nullable Reading week(int year, int week) {
        if (!isYear(year) || week < 1 || week > 53) {
            return null;
        }
        LocalDate monday =
                LocalDate.of(year, 1, 4).with(WeekFields.ISO.dayOfWeek(), 1).plusWeeks(week - 1L);
        boolean exists = monday.get(IsoFields.WEEK_BASED_YEAR) == year;
        return new Reading(monday, Unit.WEEK, exists ? Problem.NONE : Problem.NO_SUCH_WEEK, 0, false);
    }

    /** The period from one day to another, if it has seven days; null for any other range. */
    static @Nullable Reading range(@Nullable Reading first, @Nullable Reading last) {
        return first != null
                        && last != null
                        && first.unit == Unit.DAY
                        && last.unit == Unit.DAY
                        && first.date.plusDays(6).equals(last.date)
                ? of(first.date, Unit.WEEK)
                : null;
    }

    /** A period without time; null outside the years 1900 to 2999. */
    static @Nullable Reading ofOrNull(LocalDate date, Unit unit) {
        return isYear(date.getYear()) ? of(date, unit) : null;
    }

    /** The same period with a time of its first day; null for a time that has no meaning. */
    @Nullable Reading at(DateText text) {
        if (!text.timed()) {
            return this;
        }
        return unit == Unit.DAY ? new Reading(date, unit, problem, text.secondOfDay(), text.zoned()) : null;
    }

    /** The full year of two digits: 2000 to 2069, 1970 to 1999. */
    static int fullYear(int digits) {
        if (digits < 0 || digits > 99) {
            throw new DateTimeException("not two digits: " + digits);
        }
        return digits < 70 ? 2000 + digits : 1900 + digits;
    }

    static boolean isYear(int year) {
        return year >= FIRST_YEAR && year <= LAST_YEAR;
    }

    private static Reading of(LocalDate date, Unit unit) {
        return new Reading(date, unit, Problem.NONE, 0, false);
    }
}
