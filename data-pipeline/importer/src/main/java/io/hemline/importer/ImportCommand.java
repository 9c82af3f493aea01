package io.hemline.importer;

import io.hemline.importer.Destination.TrendName;
import io.hemline.importer.images.ImageEmbeddings;
import io.hemline.importer.images.ImageFolder;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.ReportPrinter;
import io.hemline.importer.report.Summary;
import io.hemline.importer.snapshot.AttributeTable;
import io.hemline.importer.snapshot.Merge;
import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.importer.table.Tables;
import io.hemline.importer.weekly.WeeklySeries;
import io.hemline.serving.ServerConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code ./hemline import}. Exit codes: 0 imported, 1 not imported and nothing changed, 2 wrong usage. */
@Command(
        name = "./hemline import",
        sortOptions = false,
        description = {
            "Turn files of weekly or daily series into features that the server forecasts from.",
            "",
            "Reads Google Trends and Pinterest Trends exports, long tables (a value a row) and wide tables (a series a",
            "column), as CSV, XLSX or Parquet, also gzipped. The format, the delimiter, the form of dates and numbers",
            "and the start of the week are guessed and printed; each guess has an option that overrides it. Every value",
            "is accounted for: read = kept + merged + empty + refused."
        },
        footer = {
            "",
            "Exit codes: 0 imported, 1 not imported (nothing was changed), 2 wrong usage.",
            "",
            "Examples:",
            "  ./hemline import multiTimeline.csv --out my-trends",
            "  ./hemline serve --set features.snapshot=my-trends/features.jsonl.gz",
            "  ./hemline import sales.xlsx --sheet Weekly --market de --dry-run",
            "  ./hemline import sales.csv --attributes products.csv --images photos --out shop",
            "  ./hemline import trends.csv --to feast --config hemline.properties"
        })
public final class ImportCommand implements Callable<Integer> {

    private static final String WORLD = "world";

    private final Clock clock;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "CSV, XLSX or Parquet, also gzipped")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "folder of the snapshot; an earlier import in it is merged by trend and week"
                    + " (default: my-trends, unless --to is given)")
    private @Nullable Path out;

    @Option(names = "--replace", description = "start anew instead of merging with an earlier import")
    private boolean replace;

    @Option(
            names = "--to",
            paramLabel = "feast",
            description = "write into the online store of the server's settings; running servers answer within 5 s")
    private @Nullable String target;

    @Option(names = "--config", paramLabel = "FILE", description = "settings of the server, for --to and --images")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting of the server, such as features.postgres.url=…; repeatable")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--attributes",
            paramLabel = "FILE",
            description = "table of trend, market, gender, category, first_seen")
    private @Nullable Path attributes;

    @Option(
            names = "--images",
            paramLabel = "FOLDER",
            description = "images named TREND.jpg, MARKET_TREND.png, or in a folder TREND/")
    private @Nullable Path images;

    @Mixin
    private ImportArguments arguments = new ImportArguments();

    @Option(names = "--dry-run", description = "read and report, write nothing")
    private boolean dryRun;

    @Option(names = "--strict", description = "import nothing if any value is refused (exit code 1)")
    private boolean strict;

    @Option(names = "--verbose", description = "report up to 1,000 findings of each kind instead of 3")
    private boolean verbose;

    @Option(names = "--json", description = "print the report as JSON")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help and exit")
    private boolean unusedHelp; // picocli acts on it

    ImportCommand(Clock clock) {
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(Clock.systemUTC(), out, err, arguments);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs the command and returns its exit code. */
    static int run(Clock clock, PrintWriter out, PrintWriter err, String... arguments) {
        return Commands.line(new ImportCommand(clock), out, err).execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        if (target != null && (!target.equals("feast") || out != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--to: feast is the only target, and it takes no --out beside it");
        }
        Ledger ledger = new Ledger();
        Progress progress = new Progress(spec.commandLine().getErr(), Boolean.getBoolean("hemline.terminal"));
        List<WeeklySeries> series = new Importer(arguments, LocalDate.now(clock), ledger, progress).read(files);
        if (arguments.market() == null
                && series.stream().anyMatch(each -> each.name().market() == null)) {
            ledger.guess("result", "market", WORLD + ", where the file names none", "--market");
        }
        ServerConfig server = ServerConfig.read(config, settings);
        try (Destination destination = destination(server, ledger)) {
            List<TrendRecord> earlier = destination.earlier(names(series));
            Merge merge = new Merge(earlier, market(), clock.instant().truncatedTo(ChronoUnit.SECONDS), ledger);
            series.forEach(merge::add);
            List<TrendRecord> trends = described(merge.finish(), server, ledger);
            VocabularyCheck.check(trends, server.store(), ledger);
            boolean refused = strict && ledger.valuesRefused() > 0;
            List<String> written = dryRun || refused ? List.of() : destination.write(trends);
            print(ledger, summary(trends, earlier, series), written);
            if (refused) {
                throw new ImportException("nothing was imported: " + ledger.valuesRefused()
                        + " values were refused, and --strict allows none");
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private Destination destination(ServerConfig server, Ledger ledger) {
        if (target != null) {
            return new OnlineStore(server, replace, ledger);
        }
        Path folder = out == null ? Path.of("my-trends") : out;
        return dryRun ? SnapshotFolder.reading(folder, replace) : SnapshotFolder.locked(folder, replace);
    }

    private List<TrendRecord> described(List<TrendRecord> merged, ServerConfig server, Ledger ledger) {
        List<TrendRecord> trends = merged;
        if (attributes != null) {
            AttributeTable table = AttributeTable.read(
                    Tables.open(attributes, arguments.reader()).get(0), ledger);
            trends = trends.stream().map(table::apply).toList();
            table.tellUnknownTrends();
        }
        if (images != null) {
            ImageFolder folder = ImageFolder.read(images, trends, ledger);
            try (ImageEmbeddings embeddings = ImageEmbeddings.open(server, ledger)) {
                trends = trends.stream()
                        .map(trend -> folder.apply(trend, embeddings))
                        .toList();
            }
        }
        return trends;
    }

    private static Summary summary(List<TrendRecord> trends, List<TrendRecord> earlier, List<WeeklySeries> series) {
        return new Summary(
                trends.size(),
                earlier.size(),
                (int) trends.stream().map(TrendRecord::market).distinct().count(),
                series.size(),
                trends.stream()
                        .map(TrendRecord::lastWeek)
                        .max(LocalDate::compareTo)
                        .orElse(LocalDate.EPOCH));
    }

    private void print(Ledger ledger, Summary summary, List<String> written) {
        ReportPrinter printer = new ReportPrinter(spec.commandLine().getOut(), verbose ? Ledger.FINDINGS_KEPT : 3);
        if (json) {
            printer.printJson(ledger, summary, written);
        } else {
            printer.print(ledger, summary, written);
        }
    }

    private Set<TrendName> names(List<WeeklySeries> series) {
        return series.stream()
                .map(each -> new TrendName(
                        Objects.requireNonNullElse(each.name().market(), market()),
                        each.name().trend()))
                .collect(Collectors.toSet());
    }

    private String market() {
        return Objects.requireNonNullElse(arguments.market(), WORLD);
    }
}
