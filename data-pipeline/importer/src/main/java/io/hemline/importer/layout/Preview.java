package io.hemline.importer.layout;

import io.hemline.importer.parse.DateEvidence;
import io.hemline.importer.parse.DateForm;
import io.hemline.importer.parse.DateHints;
import io.hemline.importer.parse.NumberEvidence;
import io.hemline.importer.parse.NumberForm;
import io.hemline.importer.table.Cell;
import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of a table, divided into preamble, header and data.
 *
 * <p>Immutable.
 */
final class Preview {

    private static final int ROWS = 200;
    private static final int FEWEST_ROWS = 20;
    private static final int CELLS = 40_000;
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d*)?");
    private static final Pattern INDEX = Pattern.compile("\\d{1,2}|100|<\\s*1");
    private static final Pattern COMPACT = Pattern.compile("\\d{8}");

    private final List<Row> preamble;
    private final Row header;
    private final List<Row> data;
    private final Dates dates;

    private Preview(List<Row> preamble, Row header, List<Row> data, Dates dates) {
        this.dates = dates;
        this.preamble = preamble;
        this.header = header;
        this.data = data;
    }

    static Preview of(Table table, DateHints hints) {
        Dates dates = new Dates(hints.pattern() == null ? null : new DateEvidence().decide(hints));
        List<Row> rows = new ArrayList<>();
        table.read(row -> {
            rows.add(row);
            int enough = CELLS / Math.max(1, row.cells().size());
            return rows.size() < Math.min(ROWS, Math.max(FEWEST_ROWS, enough));
        });
        int widest = rows.stream().mapToInt(Preview::filled).max().orElse(0);
        int at = 0;
        while (at < rows.size() && !isHeader(filled(rows.get(at)), widest)) {
            at++;
        }
        if (at >= rows.size()) {
            return new Preview(rows, new Row(0, List.of()), List.of(), dates);
        }
        Row header = rows.get(at);
        List<Row> data = rows.subList(at + 1, rows.size());
        for (int column = 0; column < header.cells().size(); column++) {
            if (dates.contain(header.cell(column))
                    && !data.isEmpty()
                    && dates.contain(data.get(0).cell(column))) {
                // The first row is data already.
                return new Preview(
                        rows.subList(0, at),
                        new Row(header.number() - 1, unnamed(header)),
                        rows.subList(at, rows.size()),
                        dates);
            }
        }
        return new Preview(rows.subList(0, at), header, data, dates);
    }

    /** A header fills at least half of the columns, and more than one of several. */
    private static boolean isHeader(int filled, int widest) {
        return 2 * filled >= widest && (filled > 1 || widest == 1);
    }

    private static List<Cell> unnamed(Row row) {
        List<Cell> names = new ArrayList<>();
        for (int i = 1; i <= row.cells().size(); i++) {
            names.add(new Cell.Text("column " + i));
        }
        return names;
    }

    private static int filled(Row row) {
        return (int) row.cells().stream().filter(cell -> cell != Cell.EMPTY).count();
    }

    Row header() {
        return header;
    }

    List<Row> data() {
        return data;
    }

    String word(int column) {
        return column < 0 ? "" : Words.of(header.cell(column));
    }

    /** Whether a row before the header is Google's {@code Category: All categories}, in any language of its site. */
    boolean hasPreamble() {
        return preamble.stream().anyMatch(row -> Words.isCategoryLine(Words.of(row.cell(0))));
    }

    int columns() {
        return header.cells().size();
    }

    /** The share of the filled data cells of a column that satisfy a condition; 0 without any. */
    private double share(int column, Predicate<Cell> condition) {
        List<Cell> filled = data.stream()
                .map(row -> row.cell(column))
                .filter(cell -> cell != Cell.EMPTY)
                .toList();
        return filled.isEmpty() ? 0 : (double) filled.stream().filter(condition).count() / filled.size();
    }

    boolean isDateColumn(int column) {
        return share(column, dates::contain) >= 0.6
                || (Words.DATE.contains(word(column))
                        && share(column, cell -> isNumber(cell) || dates.contain(cell)) >= 0.6);
    }

    boolean isNumberColumn(int column) {
        return share(column, Preview::isNumber) >= 0.6;
    }

    boolean isTextColumn(int column) {
        return share(column, cell -> cell instanceof Cell.Text && !isNumber(cell) && !dates.contain(cell)) >= 0.6;
    }

    /** Whether nearly every row has a cell in a column. */
    boolean isFilled(int column) {
        long filled =
                data.stream().filter(row -> row.cell(column) != Cell.EMPTY).count();
        return filled >= 0.9 * data.size();
    }

    /** Whether some cell of a column is a number, not only a word for a missing one. */
    boolean hasNumbers(int column) {
        return share(column, cell -> cell != Cell.EMPTY && isNumber(cell) && !isMissing(cell)) > 0;
    }

    /** Whether a column counts the rows, as the unnamed first column of a saved data frame does. */
    boolean isRowNumber(int column) {
        for (int i = 0; i < data.size(); i++) {
            String first = CellText.of(data.get(0).cell(column));
            boolean counted = (first.equals("0") || first.equals("1"))
                    && CellText.of(data.get(i).cell(column)).equals(String.valueOf(i + Integer.parseInt(first)));
            if (!counted) {
                return false;
            }
        }
        return true;
    }

    /** Whether all cells of the data are whole numbers of 0 to 100 or {@code <1}, the dates aside. */
    boolean holdsIndexes(int date) {
        return IntStream.range(0, columns())
                .filter(column -> column != date)
                .allMatch(column ->
                        share(column, cell -> INDEX.matcher(CellText.of(cell)).matches()) == 1);
    }

    boolean isConstant(int column) {
        return data.stream().map(row -> row.cell(column)).distinct().count() == 1;
    }

    boolean hasRepeats(int column) {
        Set<String> distinct = new HashSet<>();
        data.forEach(row -> distinct.add(CellText.of(row.cell(column))));
        return distinct.size() < data.size();
    }

    /** Whether the header of a column is a date. */
    boolean isDateHeader(int column) {
        return dates.contain(header.cell(column));
    }

    private static boolean isMissing(Cell cell) {
        return cell instanceof Cell.Text text && kind(text.value()) == NumberForm.Kind.MISSING;
    }

    private static boolean isNumber(Cell cell) {
        return cell instanceof Cell.Numeric || (cell instanceof Cell.Text text && isNumber(text.value()));
    }

    /** What counts as a date: what a given form reads, else any form. */
    private record Dates(@Nullable DateForm asked) {

        boolean contain(Cell cell) {
            return cell instanceof Cell.Timestamp
                    || (cell instanceof Cell.Text text
                            && (asked == null
                                    ? isDate(text.value())
                                    : asked.parse(text.value()).period() != null));
        }
    }

    /** Whether a text names a date in some form; a bare number does only as {@code yyyymmdd}. */
    private static boolean isDate(String text) {
        String clean = text.strip();
        if (NUMBER.matcher(clean).matches() && !COMPACT.matcher(clean).matches()) {
            return false;
        }
        DateEvidence evidence = new DateEvidence();
        evidence.see(clean);
        return evidence.share() > 0;
    }

    /** Whether a text is a number in some form, or a word for a missing one. */
    private static boolean isNumber(String text) {
        return kind(text) != NumberForm.Kind.NOT_A_NUMBER;
    }

    private static NumberForm.Kind kind(String text) {
        NumberEvidence evidence = new NumberEvidence();
        evidence.see(text);
        return evidence.decide(null, false).parse(text).kind();
    }
}
