package io.hemline.importer;

import io.hemline.importer.report.ImportException;
import io.hemline.serving.config.Settings.ConfigException;
import io.hemline.store.StoreException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The command lines of this module: one line on standard error for every failure. */
final class Commands {

    private Commands() {}

    static CommandLine line(Object command, PrintWriter out, PrintWriter err) {
        return new CommandLine(command)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Commands::printUsageError)
                .setExecutionExceptionHandler(Commands::printFailure);
    }

    private static int printUsageError(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr()
                .println("hemline: " + e.getMessage() + "; see "
                        + command.getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int printFailure(Exception e, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
        if (e instanceof ConfigException) {
            command.getErr().println("hemline: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (e instanceof ImportException || e instanceof StoreException) {
            command.getErr().println("hemline: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }
}
