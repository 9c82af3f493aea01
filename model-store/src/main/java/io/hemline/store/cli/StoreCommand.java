package io.hemline.store.cli;

import io.hemline.store.StoreException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ./hemline store}: one verb per subcommand. Exit codes: 0 done, 1 refused, 2 wrong usage. */
@Command(
        name = "./hemline store",
        description = "Shows a model store and moves its channels.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        subcommands = {
            ListVerb.class,
            ShowVerb.class,
            VerifyVerb.class,
            PromoteVerb.class,
            RollbackVerb.class,
            PruneVerb.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 refused (the reason is on standard error), 2 wrong usage.",
            "",
            "Examples:",
            "  ./hemline store list",
            "  ./hemline store promote trend 7 --channel canary",
            "  ./hemline store VERB --help"
        })
public final class StoreCommand implements Runnable {

    static final int DONE = 0;
    static final int REFUSED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    StoreCommand() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = run(out, err, arguments);
        out.flush();
        System.exit(exitCode);
    }

    /** Runs one command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new StoreCommand())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(StoreCommand::printUsageError)
                .setExecutionExceptionHandler(StoreCommand::printRefusal)
                .execute(arguments);
    }

    /** Runs if no verb was given. */
    @Override
    public void run() {
        throw new ParameterException(requireSpec().commandLine(), "a verb is missing");
    }

    private CommandSpec requireSpec() {
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command");
        }
        return spec;
    }

    private static int printUsageError(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr().println(e.getMessage());
        command.getErr().println("see " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int printRefusal(Exception e, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
        if (!(e instanceof StoreException)) {
            throw e;
        }
        command.getErr().println(e.getMessage());
        return REFUSED;
    }
}
