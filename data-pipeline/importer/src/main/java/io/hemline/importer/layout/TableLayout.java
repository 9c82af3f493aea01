package io.hemline.importer.layout;

import io.hemline.importer.layout.Detector.Detected;
import io.hemline.importer.parse.DateEvidence;
import io.hemline.importer.parse.DateForm;
import io.hemline.importer.parse.NumberEvidence;
import io.hemline.importer.parse.NumberForm;
import io.hemline.importer.parse.Period;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Place;
import io.hemline.importer.report.Rule;
import io.hemline.importer.table.Cell;
import io.hemline.importer.table.Row;
import io.hemline.importer.table.Table;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The arrangement of one table, and the forms of its dates and numbers.
 *
 * <p>Confined to one thread.
 */
public final class TableLayout {

    /** Headers of pandas users, whose weeks are labelled by their last day, a Sunday. */
    private static final List<Set<String>> PANDAS = List.of(Set.of("unique_id", "ds"), Set.of("item_id", "timestamp"));

    private final Table table;
    private final Row header;
    private final Arrangement arrangement;
    private final DateForm dates;
    private final NumberForm numbers;
    private final SourceTraits traits;
    private final Ledger ledger;

    private TableLayout(
            Table table,
            Row header,
            Arrangement arrangement,
            DateForm dates,
            NumberForm numbers,
            SourceTraits traits,
            Ledger ledger) {
        this.table = table;
        this.header = header;
        this.arrangement = arrangement;
        this.dates = dates;
        this.numbers = numbers;
        this.traits = traits;
        this.ledger = ledger;
    }

    /** Finds the arrangement, reads the table once for the forms of its dates and numbers, and records the guesses. */
    public static TableLayout detect(Table table, LayoutOptions options, Ledger ledger) {
        Preview preview = Preview.of(table, options.dates());
        Detector detector = new Detector(table.name(), preview, options.format());
        Detected detected = detector.detect();
        DateEvidence dateEvidence = new DateEvidence();
        NumberEvidence numberEvidence = new NumberEvidence();
        table.read(row -> {
            if (row.number() > preview.header().number()) {
                detected.arrangement().see(row, dateEvidence, numberEvidence);
            }
            return true;
        });
        DateForm dates = dateEvidence.decide(options.dates());
        boolean semicolon =
                table.guesses().stream().anyMatch(guess -> guess.value().equals("semicolon"));
        NumberForm numbers = numberEvidence.decide(options.decimal(), semicolon);
        Format format = detected.format();
        SourceTraits traits = new SourceTraits(
                format, format.isRenormalised(), weekLabel(format, preview, detected.arrangement(), dates));
        ledger.guess(table.name(), "format", table.kind() + ", " + format.word(), "--format");
        if (dateEvidence.share() > 0 || options.dates().pattern() != null) {
            ledger.guess(
                    table.name(),
                    "dates",
                    dates.describe() + (dates.guessed() ? ", which nothing in the file decides" : ""),
                    "--date-format");
        }
        if (numbers.guessed() || semicolon || options.decimal() != null) {
            ledger.guess(
                    table.name(),
                    "numbers",
                    numbers.describe() + (numbers.guessed() ? ", which nothing in the file decides" : ""),
                    "--decimal");
        }
        List<String> ignored = detector.ignored();
        if (!ignored.isEmpty()) {
            ledger.guess(table.name(), "ignored columns", String.join(", ", ignored), "");
        }
        return new TableLayout(table, preview.header(), detected.arrangement(), dates, numbers, traits, ledger);
    }

    private static WeekLabel weekLabel(Format format, Preview preview, Arrangement arrangement, DateForm dates) {
        return switch (format) {
            case GOOGLE_TRENDS, GOOGLE_TRENDS_LONG -> WeekLabel.FIRST_DAY;
            case PINTEREST_TRENDS -> WeekLabel.LAST_DAY;
            case WIDE -> WeekLabel.UNKNOWN;
            case LONG -> {
                Set<String> words = Set.copyOf(
                        preview.header().cells().stream().map(Words::of).toList());
                boolean pandas = PANDAS.stream().anyMatch(words::containsAll);
                yield pandas
                                && preview.data().stream()
                                        .flatMap(row -> arrangement.dates(row).stream())
                                        .allMatch(cell -> isSunday(cell, dates))
                        ? WeekLabel.LAST_DAY
                        : WeekLabel.UNKNOWN;
            }
        };
    }

    private static boolean isSunday(Cell cell, DateForm dates) {
        Period period = cell instanceof Cell.Timestamp time
                ? DateForm.of(time.value()).period()
                : dates.parse(CellText.of(cell)).period();
        return period == null || period.start().getDayOfWeek() == DayOfWeek.SUNDAY;
    }

    /** What the arrangement says about the values. */
    public SourceTraits traits() {
        return traits;
    }

    /** Reads the table again, passes every value as a point, and counts each value cell in the ledger. */
    public void points(Consumer<Point> consumer) {
        CellValues values = new CellValues(table.name(), numbers, dates, ledger, consumer);
        SeriesNames names = new SeriesNames(traits.format());
        table.read(row -> {
            if (row.number() > header.number()) {
                if (isHeader(row)) {
                    ledger.apply(Rule.REPEATED_HEADER, new Place(table.name(), row.number(), 0), firstText(row));
                } else {
                    arrangement.points(row, values, names);
                    for (int i = header.cells().size(); i < row.cells().size(); i++) {
                        if (row.cell(i) != Cell.EMPTY) {
                            values.beyondHeader(row.cell(i), row.number(), i);
                        }
                    }
                }
            }
            return true;
        });
        if (names.split()) {
            ledger.guess(table.name(), "names", "market, gender and category are taken from the names", "--attributes");
        }
    }

    private boolean isHeader(Row row) {
        if (row.cells().size() != header.cells().size()) {
            return false;
        }
        for (int i = 0; i < row.cells().size(); i++) {
            Cell cell = row.cell(i);
            boolean same = cell.equals(header.cell(i))
                    || (cell instanceof Cell.Text && Words.of(cell).equals(Words.of(header.cell(i))));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static String firstText(Row row) {
        return row.cells().stream()
                .map(CellText::of)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }
}
