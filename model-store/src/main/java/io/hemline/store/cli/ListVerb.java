package io.hemline.store.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.hemline.store.StoredVersion;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists versions, the newest first, with the channels that name them. */
@Command(
        name = "list",
        description = "List the versions of one model or of all, and which channels name them.",
        footer = {
            "",
            "Examples:",
            "  ./hemline store list",
            "  ./hemline store list trend --store /srv/models",
            "  ./hemline store list --json | jq '.[0].digest'"
        })
final class ListVerb implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Only this model.")
    private @Nullable String model;

    @Override
    public Integer call() {
        ModelStore store = options.store();
        ArrayNode json = OutputFormat.array();
        Table table = new Table("MODEL", "VERSION", "CHANNELS", "CREATED", "DIGEST");
        for (String name : model == null ? store.models() : List.of(model)) {
            List<StoredVersion> versions = store.versions(name);
            versions.forEach(version -> add(name, version, json, table));
            warn(store, name, versions);
        }
        options.print(json, json.isEmpty() ? "no version is stored yet\n" : table.toString());
        return StoreCommand.DONE;
    }

    private void add(String model, StoredVersion version, ArrayNode json, Table table) {
        String created = version.created() == null ? null : version.created().toString();
        json.addObject()
                .put("model", model)
                .put("version", version.version())
                .<ObjectNode>set("channels", OutputFormat.array(version.channels()))
                .put("created", created)
                .put("digest", version.digest());
        table.add(
                model,
                Integer.toString(version.version()),
                OutputFormat.commaSeparated(version.channels()),
                created == null ? "" : created,
                version.digest() == null ? "unreadable" : OutputFormat.shortened(version.digest()));
        if (version.unreadable() != null) {
            options.err().println("version " + version.version() + " of " + model + ": " + version.unreadable());
        }
    }

    /** Warns of channels that cannot be read or that name a missing version. */
    private void warn(ModelStore store, String model, List<StoredVersion> versions) {
        List<Integer> numbers = versions.stream().map(StoredVersion::version).toList();
        for (Channel channel : Channel.values()) {
            try {
                store.desired(model, channel).ifPresent(desired -> {
                    if (!numbers.contains(desired)) {
                        options.err()
                                .println(String.format(
                                        Locale.ROOT,
                                        "%s of %s names version %d, which is not there; promote another",
                                        channel.path(),
                                        model,
                                        desired));
                    }
                });
            } catch (StoreException e) {
                options.err().println(e.getMessage());
            }
        }
    }
}
