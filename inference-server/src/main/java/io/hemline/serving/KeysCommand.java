package io.hemline.serving;

import io.hemline.serving.security.ApiKey;
import io.hemline.serving.security.Client.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code ./hemline keys}. Exit codes: 0 success, 1 the file cannot be written, 2 wrong usage. */
@Command(
        name = "./hemline keys",
        description = "Creates API keys of clients (auth.mode=api-key).",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        subcommands = KeysCommand.New.class)
public final class KeysCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "show this help and exit")
    private boolean unusedHelp; // picocli acts on it

    KeysCommand() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new KeysCommand()).setParameterExceptionHandler((wrong, arguments) -> {
            wrong.getCommandLine()
                    .getErr()
                    .println("hemline: " + wrong.getMessage() + "; see ./hemline keys new --help");
            return CommandLine.ExitCode.USAGE;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a verb is missing");
    }

    /** Creates one key. */
    @Command(
            name = "new",
            sortOptions = false,
            description = {
                "Create a key of 256 random bits. It is printed once and not stored: the file",
                "gets its SHA-256 only. A client may have several keys; to replace one, add the",
                "new line and remove the old one. Running servers reload the file."
            },
            footer = {
                "",
                "Scopes: forecast:read, model:write (promote and roll back),",
                "edge (requests on behalf of its clients).",
                "",
                "Examples:",
                "  ./hemline keys new --client shop --file keys.txt",
                "  ./hemline keys new --client worker --scope edge",
                "  ./hemline keys new --client ops --scope forecast:read --scope model:write"
            })
    static final class New implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Option(names = "--client", paramLabel = "NAME", required = true, description = "id of the client")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String client;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                converter = ScopeConverter.class,
                defaultValue = "forecast:read",
                description = "granted scope, repeatable (default: ${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Set<Scope> scopes;

        @Option(names = "--file", paramLabel = "FILE", description = "key file that the line is appended to")
        private @Nullable Path file;

        New() {}

        @Override
        public Integer call() {
            PrintWriter err = spec.commandLine().getErr();
            ApiKey key = ApiKey.generate(new SecureRandom());
            String line = line(key);
            if (file == null) {
                err.println("The key, for the client only, and its line for the file of auth.api-keys-file:");
                printLine(key.reveal());
                printLine(line);
                return CommandLine.ExitCode.OK;
            }
            try {
                append(file, line);
            } catch (IOException e) {
                err.println("hemline: " + file + " cannot be written: " + e);
                return CommandLine.ExitCode.SOFTWARE;
            }
            err.println("The key, for the client only; its line is in " + file + ":");
            printLine(key.reveal());
            return CommandLine.ExitCode.OK;
        }

        private String line(ApiKey key) {
            try {
                return key.line(client, scopes);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
        }

        /** Appends a line, after a line feed if the last line of the file lacks one. */
        private static void append(Path file, String line) throws IOException {
            boolean unterminated = Files.exists(file)
                    && Files.size(file) > 0
                    && !Files.readString(file).endsWith("\n");
            Files.writeString(
                    file,
                    (unterminated ? "\n" : "") + line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private void printLine(String text) {
            spec.commandLine().getOut().println(text);
            spec.commandLine().getOut().flush();
        }
    }

    /** Converts the name of a scope. */
    static final class ScopeConverter implements ITypeConverter<Scope> {

        ScopeConverter() {}

        @Override
        public Scope convert(String name) {
            return Scope.of(name)
                    .orElseThrow(() -> new TypeConversionException("one of " + Scope.words() + ", not '" + name + "'"));
        }
    }
}
