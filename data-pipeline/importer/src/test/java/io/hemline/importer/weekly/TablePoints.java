package io.hemline.importer.weekly;

import io.hemline.importer.layout.Format;
import io.hemline.importer.layout.Point;
import io.hemline.importer.layout.SeriesName;
import io.hemline.importer.layout.SourceTraits;
import io.hemline.importer.layout.WeekLabel;
import io.hemline.importer.parse.Period;
import io.hemline.importer.parse.Period.Unit;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Ledger.Finding;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Points of a table {@code t.csv} whose rows are numbered from 1, with the ledger of their import. */
final class TablePoints {

    static final LocalDate TODAY = LocalDate.of(2026, 12, 1);
    static final SeriesName WIDELEG = new SeriesName("wideleg", null, null, null);

    final Ledger ledger = new Ledger();
    private final WeeklyTable table;
    private int row;

    TablePoints(WeekLabel label, boolean renormalised, @Nullable DayOfWeek starts, @Nullable Aggregation value) {
        SourceTraits traits = new SourceTraits(Format.LONG, renormalised, label);
        this.table = new WeeklyTable("t.csv", traits, new WeeklyOptions(starts, value, TODAY), ledger);
    }

    static TablePoints firstDays() {
        return labelled(WeekLabel.FIRST_DAY);
    }

    static TablePoints labelled(WeekLabel label) {
        return new TablePoints(label, false, null, null);
    }

    /** Adds a point of the only series, on a plain date. */
    TablePoints add(String date, double value) {
        return add(WIDELEG, LocalDate.parse(date), Unit.DAY, value, false);
    }

    /** Adds a value on each of the days or weeks from a date on. */
    TablePoints addEach(String date, int stepDays, double... values) {
        LocalDate day = LocalDate.parse(date);
        for (double value : values) {
            add(day.toString(), value);
            day = day.plusDays(stepDays);
        }
        return this;
    }

    TablePoints add(SeriesName name, LocalDate date, Unit unit, double value, boolean partial) {
        row++;
        ledger.read();
        table.add(new Point(name, new Period(date, unit), value, new Place("t.csv", row, 2), partial));
        return this;
    }

    List<WeeklySeries> finish() {
        return table.finish();
    }

    WeeklySeries only() {
        List<WeeklySeries> all = finish();
        if (all.size() != 1) {
            throw new AssertionError("one series is expected, not " + all);
        }
        return all.get(0);
    }

    /** The places and details of the findings of a rule. */
    List<String> told(Rule rule) {
        return ledger.findings(rule).stream().map(TablePoints::text).toList();
    }

    /** The guessed value of something. */
    List<String> guessed(String what) {
        return ledger.guesses().stream()
                .filter(guess -> guess.what().equals(what))
                .map(Ledger.Guess::value)
                .toList();
    }

    boolean balances() {
        return ledger.valuesRead()
                == ledger.valuesKept() + ledger.valuesMerged() + ledger.valuesEmpty() + ledger.valuesRefused();
    }

    private static String text(Finding finding) {
        return finding.place() + ": " + finding.detail();
    }
}
