package io.hemline.importer.weekly;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes series of weekly values.
 *
 * <p>Confined to one thread.
 */
final class WeeklyPoints {

    private final String table;
    private final Weeks weeks;
    private final LocalDate today;
    private final Ledger ledger;

    WeeklyPoints(String table, Weeks weeks, LocalDate today, Ledger ledger) {
        this.table = table;
        this.weeks = weeks;
        this.today = today;
        this.ledger = ledger;
    }

    void add(SeriesName name, PointList points, boolean renormalised, List<WeeklySeries> found) {
        WeekValues values = new WeekValues();
        Map<LocalDate, Integer> positions = new HashMap<>();
        int before = Integer.MIN_VALUE;
        boolean sorted = true;
        for (int i = 0; i < points.size(); i++) {
            LocalDate date = LocalDate.ofEpochDay(points.day(i));
            LocalDate start = weeks.start(date);
            Place place = points.place(table, i);
            if (!start.plusDays(6).isBefore(today)) {
                ledger.refuse(Rule.PARTIAL_WEEK, place, date + ", not over on " + today);
                continue;
            }
            sorted &= points.day(i) >= before;
            before = points.day(i);
            LocalDate monday = Weeks.monday(start);
            Integer other = positions.put(monday, i);
            if (other != null) {
                boolean same = points.value(other) == points.value(i);
                ledger.apply(
                        same ? Rule.DUPLICATE : Rule.CONFLICT,
                        place,
                        name.trend() + ", " + date
                                + (same ? "" : ": " + points.value(i) + " after " + points.value(other)));
                ledger.merged(1);
            }
            values.put(monday, points.value(i), 1, place);
        }
        if (!sorted) {
            ledger.apply(Rule.UNSORTED, new Place(table, 0, 0), name.trend());
        }
        WeeklySeries series = values.series(name, renormalised, table, ledger);
        if (series == null) {
            ledger.apply(Rule.NO_VALUE, new Place(table, 0, 0), name.trend());
        } else {
            found.add(series);
        }
    }
}
