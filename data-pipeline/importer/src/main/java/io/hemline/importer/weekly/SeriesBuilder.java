package io.hemline.importer.weekly;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.serving.core.Series;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a weekly series of admitted points.
 *
 * <p>A week inside a daily series is made of the days that it has: a sum is not scaled up, because a day without a row is
 * usually one without a sale. The first and the last week are different: they would look like a rise and a fall, so they
 * are refused unless complete.
 *
 * <p>Confined to one thread.
 */
final class SeriesBuilder {

    private final PointColumns points;
    private final Frequency frequency;
    private final Aggregation aggregation;
    private final boolean adds;
    private final TableDates dates;
    private final boolean[] fullWeek;
    private final Ledger ledger;
    private boolean aggregated;

    SeriesBuilder(
            PointColumns points,
            Frequency frequency,
            Aggregation aggregation,
            boolean adds,
            TableDates dates,
            Ledger ledger) {
        this.adds = adds;
        this.points = points;
        this.frequency = frequency;
        this.aggregation = aggregation;
        this.dates = dates;
        this.fullWeek = dates.daysOfFullWeek();
        this.ledger = ledger;
    }

    /** The series; null if no value is left. Each admitted point is kept, merged or refused. */
    @Nullable WeeklySeries build(SeriesName name, AdmittedPoints series, boolean renormalised, Place place) {
        if (series.unsorted()) {
            ledger.apply(Rule.UNSORTED, place, WeeklyTable.text(name));
        }
        series.sort(WeeklyTable.text(name), adds);
        List<Week> weeks = latest(weeks(series, name, place), series);
        if (weeks.isEmpty()) {
            ledger.apply(Rule.NO_VALUE, place, WeeklyTable.text(name));
            return null;
        }
        int first = weeks.get(0).number();
        int last = weeks.get(weeks.size() - 1).number();
        double[] volume = new double[last - first + 1];
        Arrays.fill(volume, Double.NaN);
        for (Week week : weeks) {
            volume[week.number() - first] = week.value();
            ledger.kept(1);
            ledger.merged(week.to() - week.from() - 1L);
        }
        tell(Rule.GAP, volume.length - weeks.size(), name, place);
        LocalDate lastWeek = LocalDate.ofEpochDay(WeekCalendar.monday(last));
        return new WeeklySeries(name, lastWeek, volume, renormalised, place.table());
    }

    /** Whether the value of some week was made of several. */
    boolean aggregated() {
        return aggregated;
    }

    private List<Week> weeks(AdmittedPoints series, SeriesName name, Place place) {
        List<Week> weeks = new ArrayList<>();
        DayCoverage coverage =
                frequency == Frequency.DAILY && series.size() > 0 ? new DayCoverage(series, dates, fullWeek) : null;
        int incomplete = 0;
        int shared = 0;
        int to;
        for (int from = 0; from < series.size(); from = to) {
            int number = series.weekAt(from);
            to = from + 1;
            while (to < series.size() && series.weekAt(to) == number) {
                to++;
            }
            boolean complete = coverage == null || coverage.isComplete(number, from, to);
            Week week = new Week(number, from, to, value(series, from, to));
            if (!complete && (from == 0 || to == series.size())) {
                refuse(week, series, Rule.PARTIAL_WEEK);
            } else if (week.value() > Series.MAX_VALUE) {
                refuse(week, series, Rule.TOO_LARGE);
            } else {
                weeks.add(week);
                incomplete += complete ? 0 : 1;
                shared += to - from > 1 ? 1 : 0;
            }
        }
        aggregated |= shared > 0;
        tell(Rule.MISSING_DAYS, incomplete, name, place);
        tell(Rule.SAME_WEEK, frequency == Frequency.WEEKLY ? shared : 0, name, place);
        return weeks;
    }

    private double value(AdmittedPoints series, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += points.value(series.pointAt(i));
        }
        return aggregation == Aggregation.SUM ? sum : sum / (to - from);
    }

    /** The last 520 weeks up to the last observed one; refuses the points of older ones. */
    private static List<Week> latest(List<Week> weeks, AdmittedPoints series) {
        if (weeks.isEmpty()) {
            return weeks;
        }
        int oldest = weeks.get(weeks.size() - 1).number() - Series.MAX_WEEKS + 1;
        int from = 0;
        while (weeks.get(from).number() < oldest) {
            refuse(weeks.get(from), series, Rule.BEYOND_520_WEEKS);
            from++;
        }
        return weeks.subList(from, weeks.size());
    }

    private static void refuse(Week week, AdmittedPoints series, Rule rule) {
        for (int i = week.from(); i < week.to(); i++) {
            series.refuse(series.pointAt(i), rule);
        }
    }

    private void tell(Rule rule, int weeks, SeriesName name, Place place) {
        if (weeks > 0) {
            ledger.apply(rule, place, WeeklyTable.text(name) + ": " + weeks + (weeks == 1 ? " week" : " weeks"));
        }
    }

    /**
     * A week of a series.
     *
     * <p>Immutable.
     *
     * @param number of the week, see {@link WeekCalendar}
     * @param from position of its first point
     * @param to position after its last point
     * @param value of the week
     */
    private record Week(int number, int from, int to, double value) {}
}
