package io.hemline.importer.weekly;

import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.ImportException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The distinct dates of a table, from which its frequency follows.
 *
 * <p>Confined to one thread.
 */
final class TableDates {

    /*
     * A period that the text itself names decides: most dates are months, or weeks. Plain dates decide by three measures.
     * The median distance of the table's distinct dates tells daily (up to 4 days) from weekly data (up to 21, so that
     * weeks may be missing). Weekly series whose weeks start on different days stand closer together in the table than in
     * each series; so dates on one or two days of the week are weekly too, if nearly no series has values within five
     * days. That last measure also tells weekly data from daily series with many missing days. Dates on more days of the
     * week than two are weekly only about a week apart.
     */
    private static final int MAX_DAILY_MEDIAN = 4;
    private static final int MAX_WEEKLY_MEDIAN = 21;
    private static final int MAX_GAP_OF_MOVING_WEEKS = 10;
    private static final int WEEKLY_GAP = 5;
    private static final double MAX_SHORT_GAPS = 0.25;
    private static final double MOST_DATES = 0.9;
    private static final double SHARE_OF_BUSIEST_DAY = 0.2;

    private final BitSet days = new BitSet();
    private long points;
    private long hours;
    private long weeks;
    private long months;
    private long quarters;
    private long years;
    private long gaps;
    private long shortGaps;
    private long timesOfOneDay;

    /** Takes the date of a point into account. */
    void see(int epochDay, Unit unit) {
        days.set(epochDay);
        switch (unit) {
            case DAY -> {}
            case HOUR -> hours++;
            case WEEK -> weeks++;
            case MONTH -> months++;
            case QUARTER -> quarters++;
            case YEAR -> years++;
        }
        points++;
    }

    /** Takes two consecutive dates of a series into account, either of which may name a time of the day. */
    void seeGap(int gapDays, boolean withTime) {
        if (gapDays > 0) {
            gaps++;
            shortGaps += gapDays < WEEKLY_GAP ? 1 : 0;
        } else if (withTime) {
            timesOfOneDay++;
        }
    }

    boolean has(int epochDay) {
        return epochDay >= 0 && days.get(epochDay);
    }

    boolean areSingle() {
        return days.cardinality() == 1;
    }

    /** Whether the dates have times of a day, though no more than one each day. */
    boolean haveTimes() {
        return hours > 0;
    }

    /** Whether most dates are weeks by their text. */
    boolean areNamedWeeks() {
        return 2 * weeks > points;
    }

    /**
     * The frequency; an {@link ImportException} names one that is neither daily nor weekly.
     *
     * @param advice what to do about it
     */
    Frequency frequency(String table, String advice) {
        long longer = months + quarters + years;
        if (2 * longer > points) {
            throw refused(table, longerName(), advice);
        }
        if (haveTimes() && 3 * timesOfOneDay >= hours) {
            throw refused(table, "hours (" + first() + " … " + last() + ")", advice);
        }
        if (areNamedWeeks() || areSingle()) {
            return Frequency.WEEKLY;
        }
        int median = medianGap();
        boolean weekly = median >= WEEKLY_GAP || daysOfMostDates() <= 2;
        int longest = daysOfMostDates() <= 2 ? MAX_WEEKLY_MEDIAN : MAX_GAP_OF_MOVING_WEEKS;
        if (weekly && median <= longest && shortGaps <= MAX_SHORT_GAPS * gaps) {
            return Frequency.WEEKLY;
        }
        if (median <= MAX_DAILY_MEDIAN) {
            return Frequency.DAILY;
        }
        throw refused(table, distanceName(median), advice);
    }

    /** The day of the week with the most dates, the earlier one of two. */
    DayOfWeek mostFrequentDay() {
        int[] counts = daysOfWeek();
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return DayOfWeek.of(most + 1);
    }

    /** Whether dates fall on several days of the week. */
    boolean areOnSeveralDays() {
        return Arrays.stream(daysOfWeek()).filter(count -> count > 0).count() > 1;
    }

    /** The days of a complete week, from Monday on: Monday to Friday, and the weekend's days if the table has them. */
    boolean[] daysOfFullWeek() {
        int[] counts = daysOfWeek();
        int busiest = Arrays.stream(counts).max().orElse(0);
        boolean[] needed = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            needed[i] = i < WeekCalendar.SATURDAY || counts[i] >= SHARE_OF_BUSIEST_DAY * busiest;
        }
        return needed;
    }

    private int[] daysOfWeek() {
        int[] counts = new int[WeekCalendar.WEEK_DAYS];
        for (int day = days.nextSetBit(0); day >= 0; day = days.nextSetBit(day + 1)) {
            counts[WeekCalendar.daysAfterMonday(day)]++;
        }
        return counts;
    }

    /** The least number of days of the week that hold nine tenths of the dates. */
    private int daysOfMostDates() {
        int[] counts = daysOfWeek();
        Arrays.sort(counts);
        int covered = 0;
        int number = 0;
        for (int i = counts.length - 1; i >= 0 && covered < MOST_DATES * days.cardinality(); i--) {
            covered += counts[i];
            number++;
        }
        return number;
    }

    /** The median distance of two dates, the lesser one of two. */
    private int medianGap() {
        int[] distances = new int[days.cardinality() - 1];
        int from = days.nextSetBit(0);
        for (int i = 0; i < distances.length; i++) {
            int to = days.nextSetBit(from + 1);
            distances[i] = to - from;
            from = to;
        }
        Arrays.sort(distances);
        return distances[(distances.length - 1) / 2];
    }

    private String longerName() {
        return months >= quarters && months >= years ? months() : quarters >= years ? quarters() : years();
    }

    /** The name of plain dates at some distance. */
    private String distanceName(int median) {
        if (median >= 28 && median <= 31 && !areOnOneDayOfTheWeek()) {
            return months();
        }
        if (median >= 89 && median <= 92) {
            return quarters();
        }
        if (median >= 365 && median <= 366) {
            return years();
        }
        return "irregular, typically " + median + " days apart (" + first() + " … " + last() + ")";
    }

    private boolean areOnOneDayOfTheWeek() {
        return daysOfMostDates() == 1 && days.cardinality() > 2;
    }

    private String months() {
        return "months (" + first().toString().substring(0, 7) + " … "
                + last().toString().substring(0, 7) + ")";
    }

    private String quarters() {
        return "quarters (" + quarter(first()) + " … " + quarter(last()) + ")";
    }

    private String years() {
        return "years (" + first().getYear() + " … " + last().getYear() + ")";
    }

    private static String quarter(LocalDate day) {
        return day.getYear() + "-Q" + day.get(IsoFields.QUARTER_OF_YEAR);
    }

    private LocalDate first() {
        return LocalDate.ofEpochDay(days.nextSetBit(0));
    }

    private LocalDate last() {
        return LocalDate.ofEpochDay(days.length() - 1L);
    }

    private static ImportException refused(String table, String dates, String advice) {
        return new ImportException(table + ": the dates are " + dates + ": " + advice);
    }
}
