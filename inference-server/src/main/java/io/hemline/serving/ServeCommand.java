package io.hemline.serving;

import io.hemline.serving.config.Settings;
import io.hemline.serving.config.Settings.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line {@code ./hemline serve}. Exit codes: 0 stopped on request, 1 could not start, 2 wrong settings. */
@Command(
        name = "hemline serve",
        sortOptions = false,
        mixinStandardHelpOptions = false,
        description = {
            "Answer forecasts from the live model of a store, and swap models when the store's pointer moves.",
            "Stop it with Ctrl-C or SIGTERM: running requests finish first."
        },
        footer = {
            "",
            "A later source wins: --config FILE, then the environment (http.port is HEMLINE_HTTP_PORT), then --set.",
            "",
            "Examples:",
            "  ./hemline serve",
            "  ./hemline serve --set http.port=9000 --set store.url=/srv/models",
            "  HEMLINE_CACHE_TTL=1m ./hemline serve --config hemline.properties"
        })
public final class ServeCommand implements Callable<Integer> {

    private static final Logger log = LoggerFactory.getLogger(ServeCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "settings, one key=value a line")
    private @Nullable Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one setting; may be given many times")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help and exit")
    private boolean unusedHelp; // picocli acts on it

    private ServeCommand() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, with every setting explained in its help. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ServeCommand());
        List<String> sections = new ArrayList<>(commandLine.getHelpSectionKeys());
        sections.add(sections.indexOf(CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER), "settings");
        commandLine.setHelpSectionKeys(sections);
        commandLine.getHelpSectionMap().put("settings", usage -> Settings.table(ServerConfig.defaults()));
        commandLine.setParameterExceptionHandler((wrong, arguments) -> {
            wrong.getCommandLine().getErr().println(wrong.getMessage() + "; see ./hemline serve --help");
            return CommandLine.ExitCode.USAGE;
        });
        return commandLine;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            ServerConfig effective = ServerConfig.read(config, settings);
            log.info("settings: {}", Settings.line(effective));
            // Before the start: a signal may come as soon as the server is ready.
            StopSignal stop = new StopSignal();
            stop.install();
            Server server = Server.start(effective);
            greet(effective, server);
            server.serveUntil(stop);
            return CommandLine.ExitCode.OK;
        } catch (ConfigException e) {
            err.println("hemline: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (StartException e) {
            err.println("hemline: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void greet(ServerConfig effective, Server server) {
        String url = effective.http().tls().scheme() + "://" + effective.http().host() + ":" + server.port();
        String admin =
                effective.admin().tls().scheme() + "://" + effective.admin().host() + ":" + server.adminPort();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%nHemline is %s.%n",
                server.ready() ? "ready" : "waiting for a first model (see the log)");
        out.printf(Locale.ROOT, "  console   %s/%n", url);
        out.printf(Locale.ROOT, "  API       %s/docs%n", url);
        out.printf(Locale.ROOT, "  try       curl '%s/v1/trends?sort=rising&limit=5'%n", url);
        out.printf(Locale.ROOT, "  operate   %s/models  %s/metrics%n%n", admin, admin);
        out.flush();
    }
}
