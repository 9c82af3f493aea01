package io.hemline.importer.snapshot;

import io.hemline.importer.parse.Countries;
import io.hemline.importer.parse.DateEvidence;
import io.hemline.importer.parse.DateForm;
import io.hemline.importer.parse.DateHints;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.table.Cell;
import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table of attributes, found by the words of its first row.
 *
 * <p>Immutable.
 */
final class AttributeColumns {

    private static final int ABSENT = -1;
    private static final Set<String> TREND = Set.of("trend", "hashtag", "unique_id", "series", "keyword", "name");
    private static final Set<String> MARKET = Set.of("market", "country", "geo");
    private static final Set<String> GENDER = Set.of("gender");
    private static final Set<String> CATEGORY = Set.of("category");
    private static final Set<String> FIRST_SEEN = Set.of("first_seen", "first seen");

    /** Common words for the two words of the models' vocabulary. */
    private static final Map<String, String> GENDERS = Map.ofEntries(
            Map.entry("women", "female"),
            Map.entry("womens", "female"),
            Map.entry("women's", "female"),
            Map.entry("woman", "female"),
            Map.entry("ladies", "female"),
            Map.entry("f", "female"),
            Map.entry("men", "male"),
            Map.entry("mens", "male"),
            Map.entry("men's", "male"),
            Map.entry("man", "male"),
            Map.entry("m", "male"));

    private final int headerRow;
    private final int trend;
    private final int market;
    private final int gender;
    private final int category;
    private final int firstSeen;

    private AttributeColumns(int headerRow, List<String> header) {
        this.headerRow = headerRow;
        this.trend = find(header, TREND);
        this.market = find(header, MARKET);
        this.gender = find(header, GENDER);
        this.category = find(header, CATEGORY);
        this.firstSeen = find(header, FIRST_SEEN);
    }

    /** Reads the first row, and tells the columns that have no meaning here. */
    static AttributeColumns of(Table table, Ledger ledger) {
        List<String> header = new ArrayList<>();
        int[] number = {0};
        table.read(row -> {
            number[0] = row.number();
            row.cells().forEach(cell -> header.add(word(cell)));
            return false;
        });
        AttributeColumns columns = new AttributeColumns(number[0], header);
        if (columns.trend == ABSENT) {
            throw new ImportException(
                    table.name()
                            + ": the first row names no column of trends; call it trend, beside gender, category or first_seen");
        }
        if (columns.gender == ABSENT && columns.category == ABSENT && columns.firstSeen == ABSENT) {
            throw new ImportException(
                    table.name() + ": the first row names no attribute: gender, category or first_seen");
        }
        columns.tellIgnored(table, header, ledger);
        return columns;
    }

    /** How the dates of the first posts are written. */
    DateForm dates(Table table) {
        DateEvidence evidence = new DateEvidence();
        if (firstSeen != ABSENT) {
            table.read(row -> {
                if (row.number() != headerRow && row.cell(firstSeen) instanceof Cell.Text text) {
                    evidence.see(text.value().strip());
                }
                return true;
            });
        }
        return evidence.decide(new DateHints(null, null));
    }

    int headerRow() {
        return headerRow;
    }

    String trend(Row row) {
        return text(row.cell(trend));
    }

    /** The market, in lower case; the code of a country that is written out. */
    @Nullable String market(Row row) {
        String word = attribute(row, market);
        return word == null ? null : Countries.code(word).orElse(word);
    }

    @Nullable String gender(Row row) {
        String word = attribute(row, gender);
        return word == null ? null : GENDERS.getOrDefault(word, word);
    }

    @Nullable String category(Row row) {
        return attribute(row, category);
    }

    Cell firstSeen(Row row) {
        return firstSeen == ABSENT ? Cell.EMPTY : row.cell(firstSeen);
    }

    /** Counted from 1. */
    int firstSeenColumn() {
        return firstSeen + 1;
    }

    /** The content of a cell as text, without blanks around it. */
    static String text(Cell cell) {
        if (cell instanceof Cell.Text text) {
            return text.value().strip();
        }
        if (cell instanceof Cell.Numeric number) {
            double value = number.value();
            boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
            return whole ? Long.toString((long) value) : Double.toString(value);
        }
        return cell instanceof Cell.Timestamp timestamp ? timestamp.value().toString() : "";
    }

    private void tellIgnored(Table table, List<String> header, Ledger ledger) {
        Set<Integer> known = Set.copyOf(List.of(trend, market, gender, category, firstSeen));
        List<String> ignored = new ArrayList<>();
        for (int column = 0; column < header.size(); column++) {
            if (!known.contains(column) && !header.get(column).isEmpty()) {
                ignored.add(header.get(column));
            }
        }
        if (!ignored.isEmpty()) {
            ledger.guess(table.name(), "ignored columns", shown(ignored), "");
        }
    }

    private static String shown(List<String> ignored) {
        String text = String.join(", ", ignored.subList(0, Math.min(10, ignored.size())));
        String clean = text.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
        return clean.length() <= 200 ? clean : clean.substring(0, 199) + "…";
    }

    private static @Nullable String attribute(Row row, int column) {
        String word = column == ABSENT ? "" : word(row.cell(column));
        return word.isEmpty() ? null : word;
    }

    private static String word(Cell cell) {
        return text(cell).replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
    }

    private static int find(List<String> header, Set<String> words) {
        for (int column = 0; column < header.size(); column++) {
            if (words.contains(header.get(column))) {
                return column;
            }
        }
        return ABSENT;
    }
}
