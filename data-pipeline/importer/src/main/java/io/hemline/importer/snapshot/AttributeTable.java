package io.hemline.importer.snapshot;

import io.hemline.importer.parse.DateForm;
import io.hemline.importer.parse.Period;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.table.Cell;
import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import io.hemline.serving.core.Question.TrendQuestion;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of trends from a table: gender, category and day of the first post, of a trend in one market, or in all
 * markets where the row names none. What it says replaces what is known; what it leaves blank stays.
 *
 * <p>Confined to one thread.
 */
public final class AttributeTable {

    private final String table;
    private final Ledger ledger;
    private final Map<TrendQuestion, Entry> entries = new LinkedHashMap<>();
    private final Set<TrendQuestion> used = new HashSet<>();

    private AttributeTable(String table, Ledger ledger) {
        this.table = table;
        this.ledger = ledger;
    }

    /**
     * Reads a table whose first row names the columns: trend, and market, gender, category, first_seen as far as there are.
     *
     * @throws ImportException if the first row names no trend, or nothing about it
     */
    public static AttributeTable read(Table table, Ledger ledger) {
        AttributeTable attributes = new AttributeTable(table.name(), ledger);
        AttributeColumns columns = AttributeColumns.of(table, ledger);
        DateForm dates = columns.dates(table);
        if (dates.guessed()) {
            ledger.guess(table.name(), "form of first_seen", dates.describe(), "");
        }
        table.read(row -> {
            if (row.number() != columns.headerRow()) {
                attributes.add(row, columns, dates);
            }
            return true;
        });
        return attributes;
    }

    /** The trend with the attributes that the table has for it. */
    public TrendRecord apply(TrendRecord trend) {
        TrendQuestion everywhere = new TrendQuestion(trend.trend(), null);
        TrendQuestion there = new TrendQuestion(trend.trend(), trend.market());
        Entry entry = Entry.NOTHING;
        for (TrendQuestion key : new TrendQuestion[] {everywhere, there}) {
            Entry found = entries.get(key);
            if (found != null) {
                used.add(key);
                entry = entry.replacedBy(found);
            }
        }
        return new TrendRecord(
                trend.trend(),
                trend.market(),
                entry.gender == null ? trend.gender() : entry.gender,
                entry.category == null ? trend.category() : entry.category,
                entry.firstSeen == null ? trend.firstSeen() : entry.firstSeen,
                trend.lastWeek(),
                trend.featuresAsOf(),
                trend.volume(),
                trend.influencerShare(),
                trend.sentiment(),
                trend.engagement(),
                trend.embedding(),
                trend.encoderDigest());
    }

    /** Tells the rows that were applied to no trend; to be called after the last one. */
    public void tellUnknownTrends() {
        entries.forEach((key, entry) -> {
            if (!used.contains(key)) {
                ledger.apply(Rule.UNKNOWN_TREND, new Place(table, entry.row, 0), text(key));
            }
        });
    }

    private void add(Row row, AttributeColumns columns, DateForm dates) {
        String trend = TrendQuestion.canonical(columns.trend(row));
        if (trend.isEmpty()) {
            ledger.apply(Rule.NO_NAME, new Place(table, row.number(), 0), "");
            return;
        }
        if (trend.length() > TrendQuestion.MAX_HASHTAG_LENGTH) {
            ledger.apply(Rule.NAME_TOO_LONG, new Place(table, row.number(), 0), trend);
            return;
        }
        TrendQuestion key = new TrendQuestion(trend, columns.market(row));
        Entry entry = new Entry(row.number(), columns.gender(row), columns.category(row), date(row, columns, dates));
        Entry before = entries.get(key);
        if (before != null && before.contradicts(entry)) {
            ledger.apply(
                    Rule.CONFLICT,
                    new Place(table, row.number(), 0),
                    text(key) + " has other attributes in row " + before.row);
        }
        entries.put(key, before == null ? entry : before.replacedBy(entry));
    }

    private @Nullable LocalDate date(Row row, AttributeColumns columns, DateForm dates) {
        Cell cell = columns.firstSeen(row);
        if (cell == Cell.EMPTY) {
            return null;
        }
        Period.Parsed parsed = cell instanceof Cell.Timestamp timestamp
                ? DateForm.of(timestamp.value())
                : dates.parse(AttributeColumns.text(cell));
        Period period = parsed.period();
        if (period != null && namesADay(period)) {
            return period.start();
        }
        Place place = new Place(table, row.number(), columns.firstSeenColumn());
        ledger.apply(Rule.NOT_A_DATE, place, AttributeColumns.text(cell));
        return null;
    }

    private static boolean namesADay(Period period) {
        boolean day = period.unit() == Period.Unit.DAY || period.unit() == Period.Unit.HOUR;
        return day && period.start().getYear() > 0 && period.start().getYear() <= 9999;
    }

    private static String text(TrendQuestion key) {
        return key.market() == null ? key.hashtag() : key.hashtag() + " (" + key.market() + ")";
    }

    /**
     * What the table says about a trend.
     *
     * <p>Immutable.
     */
    private record Entry(
            int row,
            @Nullable String gender,
            @Nullable String category,
            @Nullable LocalDate firstSeen) {

        static final Entry NOTHING = new Entry(0, null, null, null);

        /** This entry where the other one is blank. */
        Entry replacedBy(Entry other) {
            return new Entry(
                    other.row,
                    other.gender == null ? gender : other.gender,
                    other.category == null ? category : other.category,
                    other.firstSeen == null ? firstSeen : other.firstSeen);
        }

        boolean contradicts(Entry other) {
            return differ(gender, other.gender)
                    || differ(category, other.category)
                    || differ(firstSeen, other.firstSeen);
        }

        private static boolean differ(@Nullable Object one, @Nullable Object other) {
            return one != null && other != null && !one.equals(other);
        }
    }
}
