package io.hemline.importer.snapshot;

import io.hemline.importer.layout.CellText;
import io.hemline.importer.layout.Words;
import io.hemline.importer.parse.Countries;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import io.hemline.serving.core.Question.TrendQuestion;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of trends from a table with the columns trend, market, gender, category and first_seen, of which only the
 * first is required.
 *
 * <p>Confined to one thread.
 */
public final class AttributeTable {

    private final String table;
    private final List<Attributes> rows = new ArrayList<>();
    private final Set<Attributes> used = new HashSet<>();
    private final Ledger ledger;

    private record Attributes(
            String trend,
            @Nullable String market,
            @Nullable String gender,
            @Nullable String category,
            @Nullable LocalDate firstSeen,
            int row) {}

    private AttributeTable(String table, Ledger ledger) {
        this.table = table;
        this.ledger = ledger;
    }

    public static AttributeTable read(Table table, Ledger ledger) {
        AttributeTable attributes = new AttributeTable(table.name(), ledger);
        List<Row> header = new ArrayList<>();
        table.read(row -> {
            if (header.isEmpty()) {
                header.add(row);
                if (column(row, Words.NAME) < 0) {
                    throw new ImportException("--attributes: " + table.name()
                            + ": the header needs a column named trend; others are market,"
                            + " gender, category and first_seen");
                }
            } else {
                attributes.add(header.get(0), row);
            }
            return true;
        });
        return attributes;
    }

    private void add(Row header, Row row) {
        String trend = TrendQuestion.canonical(CellText.of(row.cell(column(header, Words.NAME))));
        String market = text(header, row, Words.MARKET);
        String gender = text(header, row, Words.GENDER);
        String category = text(header, row, Words.CATEGORY);
        rows.add(new Attributes(
                trend,
                market == null ? null : Countries.code(market).orElse(Words.canonical(market)),
                gender == null ? null : Words.gender(gender),
                category == null ? null : Words.canonical(category),
                day(header, row),
                row.number()));
    }

    private @Nullable LocalDate day(Row header, Row row) {
        String text = text(header, row, Set.of("first_seen"));
        if (text == null) {
            return null;
        }
        try {
            return LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text);
        } catch (DateTimeParseException e) {
            ledger.apply(Rule.NOT_A_DATE, new Place(table, row.number(), 0), "first_seen " + text);
            return null;
        }
    }

    private static @Nullable String text(Row header, Row row, Set<String> words) {
        int column = column(header, words);
        String text = column < 0 ? "" : CellText.of(row.cell(column));
        return text.isBlank() ? null : text;
    }

    private static int column(Row header, Set<String> words) {
        for (int i = 0; i < header.cells().size(); i++) {
            if (words.contains(Words.of(header.cell(i)))) {
                return i;
            }
        }
        return -1;
    }

    /** Trends with the attributes that the table gives; trends that the table alone has are reported. */
    public List<TrendRecord> apply(List<TrendRecord> trends) {
        List<TrendRecord> described = trends.stream().map(this::apply).toList();
        rows.stream()
                .filter(row -> !used.contains(row))
                .forEach(row -> ledger.apply(Rule.UNKNOWN_TREND, new Place(table, row.row, 0), row.trend));
        return described;
    }

    private TrendRecord apply(TrendRecord trend) {
        TrendRecord result = trend;
        for (Attributes row : rows) {
            if (row.trend.equals(trend.trend()) && (row.market == null || row.market.equals(trend.market()))) {
                used.add(row);
                result = new TrendRecord(
                        result.trend(),
                        result.market(),
                        row.gender == null ? result.gender() : row.gender,
                        row.category == null ? result.category() : row.category,
                        row.firstSeen == null ? result.firstSeen() : row.firstSeen,
                        result.lastWeek(),
                        result.featuresAsOf(),
                        result.volume(),
                        result.influencerShare(),
                        result.sentiment(),
                        result.engagement(),
                        result.embedding(),
                        result.encoderDigest());
            }
        }
        return result;
    }
}
