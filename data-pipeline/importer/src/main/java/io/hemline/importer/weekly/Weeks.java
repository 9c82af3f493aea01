package io.hemline.importer.weekly;

import io.hemline.importer.layout.WeekLabel;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/**
 * Assigns seven-day periods to the weeks that begin on Mondays.
 *
 * <p>Immutable.
 *
 * @param label of the periods' dates
 * @param starts day on which the periods begin; null to go by the dates
 */
record Weeks(WeekLabel label, @Nullable DayOfWeek starts) {

    /** The first day of the period that a date names. */
    LocalDate start(LocalDate date) {
        if (starts == null) {
            return label == WeekLabel.LAST_DAY ? date.minusDays(6) : date;
        }
        return date.getDayOfWeek().plus(1) == starts
                ? date.minusDays(6)
                : date.with(TemporalAdjusters.previousOrSame(starts));
    }

    /** The Monday of the week that holds most days of a period. */
    static LocalDate monday(LocalDate start) {
        return start.plusDays(3).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }
}
