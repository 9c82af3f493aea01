package io.hemline.importer;

import io.hemline.importer.layout.TableLayout;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.importer.table.Table;
import io.hemline.importer.table.Tables;
import io.hemline.importer.weekly.WeeklySeries;
import io.hemline.importer.weekly.WeeklyTable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads files into weekly series: file ▶ tables ▶ layout ▶ points ▶ weeks.
 *
 * <p>Confined to one thread.
 */
public final class Importer {

    private final ImportArguments arguments;
    private final LocalDate today;
    private final Ledger ledger;
    private final Progress progress;

    public Importer(ImportArguments arguments, LocalDate today, Ledger ledger, Progress progress) {
        this.arguments = arguments;
        this.today = today;
        this.ledger = ledger;
        this.progress = progress;
    }

    /** Reads every table of every file, in the order given. */
    public List<WeeklySeries> read(List<Path> files) {
        List<WeeklySeries> all = new ArrayList<>();
        for (Path file : files) {
            for (Table table : Tables.open(file, arguments.reader())) {
                all.addAll(read(table));
            }
        }
        if (all.isEmpty()) {
            throw new ImportException("no series was found in "
                    + String.join(", ", files.stream().map(Path::toString).toList()) + reasons());
        }
        return all;
    }

    /** The first reason why values were refused. */
    private String reasons() {
        if (ledger.valuesRefused() == 0) {
            return ": it holds no value";
        }
        Rule rule = ledger.applied().keySet().stream()
                .filter(each -> each.consequence().contains("refused"))
                .findFirst()
                .orElseThrow();
        Ledger.Finding first = ledger.findings(rule).get(0);
        return ": " + ledger.valuesRefused() + " values were refused, the first in " + first.place() + ": "
                + rule.fact() + " (" + first.detail() + ")";
    }

    private List<WeeklySeries> read(Table table) {
        Table shown = progress.of(table);
        TableLayout layout = TableLayout.detect(shown, arguments.layout(), ledger);
        WeeklyTable weeks = new WeeklyTable(table.name(), layout.traits(), arguments.weekly(today), ledger);
        layout.points(weeks::add);
        for (Table.Guess guess : table.guesses()) {
            ledger.guess(table.name(), guess.what(), guess.value(), guess.option());
        }
        return weeks.finish();
    }
}
