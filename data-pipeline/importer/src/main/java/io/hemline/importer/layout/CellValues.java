package io.hemline.importer.layout;

import io.hemline.importer.parse.DateForm;
import io.hemline.importer.parse.NumberForm;
import io.hemline.importer.parse.Period;
import io.hemline.importer.parse.Period.Parsed;
import io.hemline.importer.parse.Period.Problem;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.table.Cell;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the cells of a table into points, and counts each value cell in the ledger.
 *
 * <p>Confined to one thread.
 */
final class CellValues {

    private static final int LONGEST_NAME = 100;
    private static final double GREATEST = 1e30;

    private final String table;
    private final NumberForm numbers;
    private final DateForm dates;
    private final Ledger ledger;
    private final Consumer<Point> consumer;

    CellValues(String table, NumberForm numbers, DateForm dates, Ledger ledger, Consumer<Point> consumer) {
        this.table = table;
        this.numbers = numbers;
        this.dates = dates;
        this.ledger = ledger;
        this.consumer = consumer;
    }

    /** What a date cell names. */
    Parsed date(Cell cell) {
        if (cell instanceof Cell.Timestamp time) {
            return DateForm.of(time.value());
        }
        return cell instanceof Cell.Text || cell instanceof Cell.Numeric
                ? dates.parse(CellText.of(cell))
                : new Parsed(null, Problem.NOT_A_DATE, false);
    }

    /** Passes a value cell on, or says why not. */
    void point(@Nullable SeriesName name, Cell date, Cell value, int row, int column, boolean partial) {
        ledger.read();
        double number = number(value, row, column);
        if (Double.isNaN(number)) {
            return;
        }
        Place place = new Place(table, row, column + 1);
        if (name == null) {
            ledger.refuse(Rule.NO_NAME, place, CellText.of(value));
            return;
        }
        if (name.trend().length() > LONGEST_NAME) {
            ledger.refuse(Rule.NAME_TOO_LONG, place, name.trend());
            return;
        }
        Parsed parsed = date(date);
        Period period = parsed.period();
        if (period == null) {
            Rule rule = parsed.problem() == Problem.NO_SUCH_WEEK ? Rule.NO_SUCH_WEEK : Rule.NOT_A_DATE;
            ledger.refuse(rule, place, CellText.of(date));
            return;
        }
        if (parsed.shifted()) {
            ledger.apply(Rule.SHIFTED_BY_DAYLIGHT_SAVING, place, CellText.of(date));
        }
        consumer.accept(new Point(name, period, number, place, partial));
    }

    /** Refuses a cell beyond the header's columns. */
    void beyondHeader(Cell cell, int row, int column) {
        ledger.read();
        ledger.refuse(Rule.BEYOND_HEADER, new Place(table, row, column + 1), CellText.of(cell));
    }

    /** The number of a cell; NaN if it is empty or refused, which is then counted. */
    private double number(Cell value, int row, int column) {
        if (value instanceof Cell.Empty) {
            ledger.empty();
            return Double.NaN;
        }
        Place place = new Place(table, row, column + 1);
        double number;
        if (value instanceof Cell.Numeric numeric) {
            number = numeric.value();
        } else if (value instanceof Cell.Text text) {
            NumberForm.Parsed parsed = numbers.parse(text.value());
            switch (parsed.kind()) {
                case MISSING -> {
                    ledger.empty();
                    return Double.NaN;
                }
                case NOT_A_NUMBER -> {
                    return refused(Rule.NOT_A_NUMBER, place, value);
                }
                case BELOW_ONE -> ledger.apply(Rule.BELOW_ONE, place, text.value());
                case NUMBER -> {}
            }
            number = parsed.value();
        } else {
            return refused(Rule.NOT_A_NUMBER, place, value);
        }
        if (number < 0) {
            return refused(Rule.NEGATIVE, place, value);
        }
        return number <= GREATEST ? number : refused(Rule.TOO_LARGE, place, value);
    }

    private double refused(Rule rule, Place place, Cell value) {
        ledger.refuse(rule, place, CellText.of(value));
        return Double.NaN;
    }
}
