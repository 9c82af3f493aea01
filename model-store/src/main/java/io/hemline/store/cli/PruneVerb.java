package io.hemline.store.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Deletes old versions. */
@Command(
        name = "prune",
        description = "Delete all versions but the newest N and those that a channel names.",
        footer = {"", "Examples:", "  ./hemline store prune --keep 5", "  ./hemline store prune trend --keep 2 --json"})
final class PruneVerb implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            defaultValue = "trend",
            description = "The model. Default: trend.")
    private String model = "trend";

    @Option(
            names = "--keep",
            paramLabel = "N",
            required = true,
            description = "How many of the newest to keep, at least 1.")
    private int keep;

    @Override
    public Integer call() {
        if (keep < 1) {
            throw new ParameterException(options.command().commandLine(), "--keep must be at least 1, is " + keep);
        }
        List<Integer> pruned = options.store().prune(model, keep);
        ObjectNode json = OutputFormat.object().put("model", model);
        pruned.forEach(json.putArray("pruned")::add);
        options.print(json, text(pruned));
        return StoreCommand.DONE;
    }

    private String text(List<Integer> pruned) {
        if (pruned.isEmpty()) {
            return "nothing to prune: every version of " + model + " is among the newest " + keep
                    + " or named by a channel\n";
        }
        String numbers = pruned.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "pruned of " + model + ": " + numbers + "\n";
    }
}
