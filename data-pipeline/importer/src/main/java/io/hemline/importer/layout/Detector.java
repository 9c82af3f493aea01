package io.hemline.importer.layout;

import io.hemline.importer.layout.Arrangement.Column;
import io.hemline.importer.layout.Arrangement.DateRows;
import io.hemline.importer.layout.Arrangement.LongRows;
import io.hemline.importer.layout.Arrangement.NameColumns;
import io.hemline.importer.layout.Arrangement.SeriesRows;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.table.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the arrangement of a table by its headers, and by its cells where the headers say nothing.
 *
 * <p>Confined to one thread.
 */
final class Detector {

    private static final Pattern GOOGLE_COLUMN = Pattern.compile(".+:\\s*\\(.+\\)");

    /** Columns before the weeks of a vendor's export. */
    private static final int MOST_DESCRIPTIONS = 8;

    private final String table;
    private final Preview preview;
    private final @Nullable Format asked;
    private final List<Integer> used = new ArrayList<>();

    Detector(String table, Preview preview, @Nullable Format asked) {
        this.table = table;
        this.preview = preview;
        this.asked = asked;
    }

    /** What was found. */
    record Detected(Format format, Arrangement arrangement) {}

    Detected detect() {
        if (preview.data().isEmpty()) {
            throw new ImportException(
                    table + ": no table was found: a header and at least one row of values are needed");
        }
        List<Integer> dateHeaders = columns(preview::isDateHeader);
        int others = preview.columns() - dateHeaders.size();
        boolean transposed = !dateHeaders.isEmpty()
                && (others <= dateHeaders.size() || (dateHeaders.size() >= 3 && others <= MOST_DESCRIPTIONS));
        if (asked == Format.PINTEREST_TRENDS || (transposed && asked != Format.LONG)) {
            return seriesRows(dateHeaders);
        }
        int date = first(column -> Words.DATE.contains(preview.word(column)) && preview.isDateColumn(column));
        if (date < 0) {
            date = first(preview::isDateColumn);
        }
        if (date < 0) {
            throw noDates();
        }
        used.add(date);
        int partial = first(column -> Words.PARTIAL.contains(preview.word(column)));
        used.add(partial);
        return isLong(date) ? longRows(date, partial) : dateRows(date, partial);
    }

    /** Headers of the columns that hold nothing of the series. */
    List<String> ignored() {
        return columns(column -> !used.contains(column)).stream()
                .map(column -> preview.header().cell(column) == Cell.EMPTY
                        ? "column " + (column + 1) + " without a header"
                        : CellText.of(preview.header().cell(column)))
                .toList();
    }

    /**
     * Whether each row has the name of its series. A column of numbers has names only if the dates repeat, or if it repeats
     * itself beside a column of values; a column of other words only if the dates repeat or it is always the same.
     */
    private boolean isLong(int date) {
        if (asked != null) {
            return asked == Format.LONG || asked == Format.GOOGLE_TRENDS_LONG;
        }
        boolean repeated = preview.hasRepeats(date);
        boolean valued = first(column -> column != date && Words.VALUE.contains(preview.word(column))) >= 0;
        int numbers = columns(column -> column != date && preview.isNumberColumn(column))
                .size();
        boolean named = first(column -> column != date
                        && (Words.NAME.contains(preview.word(column)) || Words.MARKET.contains(preview.word(column)))
                        && (!preview.hasNumbers(column) || repeated || (valued && preview.hasRepeats(column))))
                >= 0;
        boolean worded = first(column -> column != date
                        && preview.isTextColumn(column)
                        && !preview.hasNumbers(column)
                        && preview.isFilled(column)
                        && (repeated || preview.isConstant(column)))
                >= 0;
        return named || (worded && (valued || numbers == 1));
    }

    private Detected longRows(int date, int partial) {
        int market = role(Words.MARKET);
        int gender = role(Words.GENDER);
        int category = role(Words.CATEGORY);
        int name = role(Words.NAME);
        if (name < 0) {
            name = first(column -> !used.contains(column) && preview.isTextColumn(column) && preview.isFilled(column));
            used.add(name);
        }
        int value = valueColumn();
        used.add(value);
        boolean google = asked == Format.GOOGLE_TRENDS_LONG
                || (preview.word(value).equals("hits") && preview.word(name).equals("keyword"));
        String fixed = CellText.of(preview.header().cell(value));
        return new Detected(
                google ? Format.GOOGLE_TRENDS_LONG : Format.LONG,
                // Google's category is a number of its own taxonomy.
                new LongRows(
                        new NameColumns(name, market, gender, google ? -1 : category, fixed), date, value, partial));
    }

    private int valueColumn() {
        List<Integer> numbers = columns(column -> !used.contains(column) && preview.isNumberColumn(column));
        List<Integer> named = columns(column -> !used.contains(column) && Words.VALUE.contains(preview.word(column)));
        if (named.size() == 1 || (numbers.isEmpty() && !named.isEmpty())) {
            return named.get(0);
        }
        if (numbers.size() == 1) {
            return numbers.get(0);
        }
        if (numbers.isEmpty()) {
            throw new ImportException(table + ": no column holds numbers; the header of row "
                    + preview.header().number() + " has " + headers(columns(column -> true)));
        }
        throw new ImportException(table + ": which column holds the values is not clear: " + headers(numbers)
                + "; rename one of them to value, or remove the others");
    }

    private Detected dateRows(int date, int partial) {
        boolean numbered = !used.contains(0) && preview.header().cell(0) == Cell.EMPTY && preview.isRowNumber(0);
        List<Integer> unnamed = columns(column ->
                !used.contains(column) && preview.header().cell(column) == Cell.EMPTY && !(numbered && column == 0));
        used.addAll(unnamed);
        List<Column> columns = columns(column -> !used.contains(column)
                        && preview.header().cell(column) != Cell.EMPTY
                        && (preview.hasNumbers(column) || !preview.isTextColumn(column)))
                .stream()
                .map(column -> new Column(column, preview.header().cell(column)))
                .toList();
        if (columns.isEmpty()) {
            throw new ImportException(table + ": beside the dates no column holds numbers");
        }
        columns.forEach(column -> used.add(column.index()));
        boolean google = asked == Format.GOOGLE_TRENDS
                || (asked == null
                        && (partial >= 0
                                || preview.hasPreamble()
                                || (preview.word(date).equals("time") && preview.holdsIndexes(date))
                                || columns.stream()
                                        .allMatch(column -> GOOGLE_COLUMN
                                                .matcher(CellText.of(column.header()))
                                                .matches())));
        return new Detected(google ? Format.GOOGLE_TRENDS : Format.WIDE, new DateRows(date, columns, unnamed, partial));
    }

    private Detected seriesRows(List<Integer> dates) {
        if (dates.isEmpty()) {
            throw noDates();
        }
        used.addAll(dates);
        int market = role(Words.MARKET);
        int gender = role(Words.GENDER);
        int category = role(Words.CATEGORY);
        int name = role(Words.NAME);
        if (name < 0) {
            name = first(column -> !used.contains(column) && preview.isTextColumn(column));
        }
        if (name < 0) {
            name = first(column -> !used.contains(column));
        }
        if (name < 0) {
            throw new ImportException(table + ": no column names the series");
        }
        used.add(name);
        long others = columns(column -> !used.contains(column)).size();
        Format format = asked == Format.PINTEREST_TRENDS || (asked == null && others >= 3)
                ? Format.PINTEREST_TRENDS
                : Format.WIDE;
        List<Column> columns = dates.stream()
                .map(column -> new Column(column, preview.header().cell(column)))
                .toList();
        return new Detected(format, new SeriesRows(new NameColumns(name, market, gender, category, ""), columns));
    }

    private ImportException noDates() {
        if (preview.hasPreamble()
                || GOOGLE_COLUMN.matcher(preview.word(preview.columns() - 1)).matches()) {
            return new ImportException(table
                    + ": a Google Trends export without dates (by region or of related queries);"
                    + " download \"Interest over time\" instead");
        }
        return new ImportException(table + ": no column and no header holds dates; the header of row "
                + preview.header().number() + " has " + headers(columns(column -> true))
                + "; weekly or daily dates are needed (--date-format if they are there)");
    }

    private String headers(List<Integer> columns) {
        return columns.stream()
                        .limit(8)
                        .map(column ->
                                "\"" + shortened(CellText.of(preview.header().cell(column))) + "\"")
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("nothing")
                + (columns.size() > 8 ? " and " + (columns.size() - 8) + " more" : "");
    }

    private static String shortened(String text) {
        String clean = text.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
        return clean.length() <= 40 ? clean : clean.substring(0, 39) + "…";
    }

    /** The first unused column with one of these headers, −1 without any; it is used then. */
    private int role(Set<String> words) {
        int column = first(each -> !used.contains(each) && words.contains(preview.word(each)));
        used.add(column);
        return column;
    }

    private int first(IntPredicate condition) {
        return IntStream.range(0, preview.columns())
                .filter(condition)
                .findFirst()
                .orElse(-1);
    }

    private List<Integer> columns(IntPredicate condition) {
        return IntStream.range(0, preview.columns()).filter(condition).boxed().toList();
    }
}
