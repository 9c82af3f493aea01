package io.hemline.importer;

import io.hemline.importer.backtest.BacktestRun;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.weekly.WeeklySeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code ./hemline backtest}. Exit codes: 0 done, 1 not possible, 2 wrong usage. */
@Command(
        name = "./hemline backtest",
        sortOptions = false,
        description = {
            "Measure how good the served model would have been on series of your own.",
            "",
            "Each series is cut at earlier origins, 13 weeks apart; the model forecasts the 13 weeks after each of them",
            "from the weeks before, and is compared with four simple methods: the last value, the mean of the last",
            "quarter, the seasonal naive forecast, and a combination. MASE is the error divided by the usual change over",
            "a year; below 1 is better than repeating last year was."
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 not possible, 2 wrong usage.",
            "",
            "Examples:",
            "  ./hemline backtest multiTimeline.csv",
            "  ./hemline backtest sales.xlsx --market de --origins 8 --picture sales.svg",
            "  HEMLINE_API_KEY=… ./hemline backtest sales.csv --server https://forecasts.example.com --json"
        })
public final class BacktestCommand implements Callable<Integer> {

    private static final int SHORTEST_HISTORY = 4;

    private final Clock clock;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "CSV, XLSX or Parquet, as for ./hemline import")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--origins",
            paramLabel = "N",
            defaultValue = "4",
            description = "at most so many origins a series (default: ${DEFAULT-VALUE})")
    private int origins;

    @Option(
            names = "--min-history",
            paramLabel = "WEEKS",
            defaultValue = "26",
            description = "shortest history to forecast from (default: ${DEFAULT-VALUE})")
    private int shortest;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "a running server (default: one is started for the back-test)")
    private @Nullable String server;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "file with the server's API key (else the environment's HEMLINE_API_KEY)")
    private @Nullable Path apiKeyFile;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            defaultValue = "backtest.svg",
            description = "SVG of errors and fans (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path picture;

    @Mixin
    private ImportArguments arguments = new ImportArguments();

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help and exit")
    private boolean unusedHelp; // picocli acts on it

    BacktestCommand(Clock clock) {
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
        return Commands.line(new BacktestCommand(clock), out, err).execute(arguments);
    }

    @Override
    public Integer call() {
        if (origins < 1 || origins > 36) {
            throw new ParameterException(spec.commandLine(), "--origins: 1 to 36, not " + origins);
        }
        if (shortest < SHORTEST_HISTORY || shortest > 500) {
            throw new ParameterException(
                    spec.commandLine(), "--min-history: " + SHORTEST_HISTORY + " to 500 weeks, not " + shortest);
        }
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress(err, Boolean.getBoolean("hemline.terminal"));
        List<WeeklySeries> series = new Importer(arguments, LocalDate.now(clock), new Ledger(), progress).read(files);
        BacktestRun.Result result = new BacktestRun(origins, shortest, server, apiKey())
                .on(series, done -> err.printf(Locale.ROOT, "%,d forecasts%n", done));
        BacktestRun.write(picture, result.picture());
        spec.commandLine().getOut().println(json ? result.json() : result.text());
        if (!json) {
            spec.commandLine().getOut().println("picture: " + picture);
        }
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    private @Nullable String apiKey() {
        if (apiKeyFile == null) {
            return System.getenv("HEMLINE_API_KEY");
        }
        try {
            return Files.readString(apiKeyFile).strip();
        } catch (IOException e) {
            throw new ImportException("--api-key-file: " + apiKeyFile + " cannot be read: " + e, e);
        }
    }
}
