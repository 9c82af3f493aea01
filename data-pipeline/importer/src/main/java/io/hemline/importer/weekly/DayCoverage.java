package io.hemline.importer.weekly;

/**
 * Whether a series has a value on each day of a week.
 *
 * <p>A file of sales often holds only the days on which something was sold. Series that lack many days between their
 * first and last one are taken as such: a day that other series of the table have is then not missing.
 *
 * <p>Immutable.
 */
final class DayCoverage {

    private static final double MIN_SHARE_OF_DAYS = 0.8;

    private final AdmittedPoints series;
    private final TableDates table;
    private final boolean[] fullWeek;
    private final boolean sparse;

    DayCoverage(AdmittedPoints series, TableDates table, boolean[] fullWeek) {
        this.series = series;
        this.table = table;
        this.fullWeek = fullWeek;
        this.sparse = series.size() < MIN_SHARE_OF_DAYS * daysInSpan(series, fullWeek);
    }

    /** Whether the week, whose points stand at some positions, is complete. */
    boolean isComplete(int week, int from, int to) {
        boolean[] present = new boolean[fullWeek.length];
        for (int i = from; i < to; i++) {
            present[WeekCalendar.daysAfterMonday(series.firstDayAt(i))] = true;
        }
        for (int day = 0; day < fullWeek.length; day++) {
            boolean seen = present[day] || (sparse && table.has(WeekCalendar.monday(week) + day));
            if (fullWeek[day] && !seen) {
                return false;
            }
        }
        return true;
    }

    private static int daysInSpan(AdmittedPoints series, boolean[] fullWeek) {
        int days = 0;
        for (int day = series.firstDayAt(0); day <= series.firstDayAt(series.size() - 1); day++) {
            days += fullWeek[WeekCalendar.daysAfterMonday(day)] ? 1 : 0;
        }
        return days;
    }
}
