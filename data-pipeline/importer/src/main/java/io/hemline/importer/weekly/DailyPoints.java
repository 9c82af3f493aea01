package io.hemline.importer.weekly;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.layout.SourceTraits;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes series of daily values. A week at the ends of the table's dates without all its days is not complete; days that
 * are missing in between had nothing to count.
 *
 * <p>Confined to one thread.
 */
final class DailyPoints {

    private final String table;
    private final boolean renormalised;
    private final Ledger ledger;
    private final boolean sum;
    private final LocalDate firstFull;
    private final LocalDate lastFull;

    DailyPoints(String table, Collection<PointList> all, SourceTraits traits, WeeklyOptions options, Ledger ledger) {
        this.table = table;
        this.renormalised = traits.renormalised();
        this.ledger = ledger;
        int first = Integer.MAX_VALUE;
        int last = Integer.MIN_VALUE;
        double greatest = 0;
        boolean whole = true;
        boolean weekend = false;
        for (PointList points : all) {
            for (int i = 0; i < points.size(); i++) {
                first = Math.min(first, points.day(i));
                last = Math.max(last, points.day(i));
                greatest = Math.max(greatest, points.value(i));
                whole &= points.value(i) == Math.rint(points.value(i));
                weekend |= Math.floorMod(points.day(i) + 3, 7) >= 5;
            }
        }
        boolean index = renormalised || greatest == 100;
        this.sum = options.value() == null ? whole && !index : options.value() == Aggregation.SUM;
        ledger.guess(
                table,
                "days",
                "each week is the " + (sum ? "sum" : "mean") + " of its days"
                        + (index ? ", an index of 0 to 100" : whole ? ", counts" : ""),
                "--value");
        LocalDate firstDay = LocalDate.ofEpochDay(first);
        LocalDate lastDay = LocalDate.ofEpochDay(last);
        this.firstFull = firstDay.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
        this.lastFull = lastDay.plusDays(weekend ? 1 : 3)
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                .minusWeeks(1);
    }

    void add(SeriesName name, PointList points, List<WeeklySeries> found) {
        TreeMap<Integer, Integer> days = new TreeMap<>();
        boolean sorted = true;
        for (int i = 0; i < points.size(); i++) {
            sorted &= i == 0 || points.day(i) >= points.day(i - 1);
            Integer other = days.put(points.day(i), i);
            if (other != null) {
                boolean same = points.value(other) == points.value(i);
                ledger.apply(
                        same ? Rule.DUPLICATE : Rule.CONFLICT,
                        points.place(table, i),
                        name.trend() + ", " + LocalDate.ofEpochDay(points.day(i)));
                ledger.merged(1);
            }
        }
        if (!sorted) {
            ledger.apply(Rule.UNSORTED, new Place(table, 0, 0), name.trend());
        }
        WeekValues values = new WeekValues();
        double total = 0;
        int count = 0;
        for (Map.Entry<Integer, Integer> day : days.entrySet()) {
            int index = day.getValue();
            LocalDate monday =
                    LocalDate.ofEpochDay(day.getKey()).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            if (monday.isBefore(firstFull) || monday.isAfter(lastFull)) {
                ledger.refuse(
                        Rule.PARTIAL_WEEK,
                        points.place(table, index),
                        "week of " + monday + " lacks days in the table");
                continue;
            }
            total += points.value(index);
            count++;
            Integer next = days.higherKey(day.getKey());
            if (next == null || next >= monday.toEpochDay() + 7) {
                values.put(monday, sum ? total : total / count, count, points.place(table, index));
                total = 0;
                count = 0;
            }
        }
        WeeklySeries series = values.series(name, renormalised, table, ledger);
        if (series == null) {
            ledger.apply(Rule.NO_VALUE, new Place(table, 0, 0), name.trend());
        } else {
            found.add(series);
        }
    }
}
