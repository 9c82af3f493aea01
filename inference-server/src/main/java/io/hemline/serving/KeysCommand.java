package io.hemline.serving;

import io.hemline.serving.security.ApiKey;
import io.hemline.serving.security.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line {@code ./hemline keys}. Exit codes: 0 done, 1 the file cannot be written, 2 wrong usage. */
@Command(
        name = "./hemline keys",
        description = "Makes the keys that clients show to the server (auth.mode=api-key).",
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
            description = "say this and stop")
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

    /** Makes one key. */
    @Command(
            name = "new",
            sortOptions = false,
            description = {
                "Make a key of 256 random bits. It is shown once and kept nowhere: the file gets its SHA-256 alone.",
                "A client may have several keys; to change one, add the new and take the old line out. Running servers",
                "see the file change."
            },
            footer = {
                "",
                "Scopes: forecast:read (ask), model:write (promote and roll back), edge (ask for clients of its own).",
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

        @Option(names = "--client", paramLabel = "NAME", required = true, description = "whose key it is")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String client;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description = "what it may do; may be given many times (forecast:read)")
        private List<String> words = new ArrayList<>();

        @Option(names = "--file", paramLabel = "FILE", description = "the keys' file that the line is added to")
        private @Nullable Path file;

        New() {}

        @Override
        public Integer call() {
            PrintWriter err = spec.commandLine().getErr();
            ApiKey key = ApiKey.make(new SecureRandom());
            String line = line(key);
            if (file == null) {
                err.println("The key, for the client alone, and its line for the file of auth.api-keys-file:");
                print(key.reveal());
                print(line);
                return CommandLine.ExitCode.OK;
            }
            try {
                append(file, line);
            } catch (IOException e) {
                err.println("hemline: " + file + " cannot be written: " + e);
                return CommandLine.ExitCode.SOFTWARE;
            }
            err.println("The key, for the client alone; its line is in " + file + ":");
            print(key.reveal());
            return CommandLine.ExitCode.OK;
        }

        private String line(ApiKey key) {
            try {
                return key.line(client, scopes());
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
            }
        }

        private Set<Scope> scopes() {
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            for (String word : words) {
                scopes.add(Scope.of(word)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--scope is one of " + Scope.words() + ", not '" + word + "'")));
            }
            return scopes.isEmpty() ? EnumSet.of(Scope.FORECAST_READ) : scopes;
        }

        /** A file without an end of line at its end is not run into. */
        private static void append(Path file, String line) throws IOException {
            boolean open = Files.exists(file)
                    && Files.size(file) > 0
                    && !Files.readString(file).endsWith("\n");
            Files.writeString(
                    file,
                    (open ? "\n" : "") + line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        private void print(String text) {
            spec.commandLine().getOut().println(text);
            spec.commandLine().getOut().flush();
        }
    }
}
