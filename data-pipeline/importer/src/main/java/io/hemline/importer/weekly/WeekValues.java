package io.hemline.importer.weekly;

import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The weeks of one series while it is made.
 *
 * <p>Confined to one thread.
 */
final class WeekValues {

    /** The greatest number of weeks of a series, by the feature schema. */
    static final int MAX_WEEKS = 520;

    private final TreeMap<LocalDate, Week> weeks = new TreeMap<>();

    private record Week(double value, int merged, Place place) {}

    /** Adds a week by its Monday: its value, how many values it was made of, and where the last one stands. */
    void put(LocalDate monday, double value, int values, Place place) {
        weeks.put(monday, new Week(value, values, place));
    }

    /** The series; null if it has no week. */
    @Nullable WeeklySeries series(SeriesName name, boolean renormalised, String table, Ledger ledger) {
        if (weeks.isEmpty()) {
            return null;
        }
        LocalDate last = weeks.lastKey();
        LocalDate earliest = last.minusWeeks(MAX_WEEKS - 1L);
        Map<LocalDate, Week> old = weeks.headMap(earliest);
        for (Map.Entry<LocalDate, Week> entry : old.entrySet()) {
            for (int i = 0; i < entry.getValue().merged; i++) {
                ledger.refuse(
                        Rule.BEYOND_520_WEEKS,
                        entry.getValue().place,
                        entry.getKey().toString());
            }
        }
        old.clear();
        LocalDate first = weeks.firstKey();
        double[] volume = new double[(int) ((last.toEpochDay() - first.toEpochDay()) / 7) + 1];
        Arrays.fill(volume, Double.NaN);
        weeks.forEach((monday, week) -> {
            volume[(int) ((monday.toEpochDay() - first.toEpochDay()) / 7)] = week.value;
            ledger.kept(1);
            ledger.merged(week.merged - 1L);
        });
        int gaps = volume.length - weeks.size();
        if (gaps > 0) {
            ledger.apply(
                    Rule.GAP, new Place(table, 0, 0), name.trend() + ": " + gaps + " of " + volume.length + " weeks");
        }
        return new WeeklySeries(name, last, volume, renormalised, table);
    }
}
