package io.hemline.store.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.store.Artifact;
import io.hemline.store.ArtifactRejected;
import io.hemline.store.ModelStore;
import io.hemline.store.StoredVersion;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads every byte of one version or of all, and prints which are intact and, by the options, signed. */
@Command(
        name = "verify",
        description = {
            "Read every byte of a version (without VERSION: of all) and compare it with its manifest and signature.",
            "The golden answers are checked only when a server loads the version."
        },
        footer = {
            "",
            "Examples:",
            "  ./hemline store verify",
            "  ./hemline store verify trend 7 --public-key signer.pem --require-signature"
        })
final class VerifyVerb implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final ModelArguments arguments = new ModelArguments();

    @Mixin
    private final StoreOptions.Signatures signatures = new StoreOptions.Signatures();

    @Override
    public Integer call() {
        ModelStore store = options.store(signatures);
        String model = arguments.model();
        ArrayNode json = OutputFormat.array();
        Table table = new Table("MODEL", "VERSION", "INTACT", "DIGEST OR REASON");
        boolean intact = true;
        for (int version : versions(store, model)) {
            intact &= verify(store, model, version, json, table);
        }
        options.print(json, table.toString());
        return intact ? StoreCommand.DONE : StoreCommand.REFUSED;
    }

    private List<Integer> versions(ModelStore store, String model) {
        if (arguments.version().isPresent()) {
            return List.of(arguments.version().getAsInt());
        }
        return store.versions(model).stream().map(StoredVersion::version).toList();
    }

    private static boolean verify(ModelStore store, String model, int version, ArrayNode json, Table table) {
        ObjectNode row = json.addObject().put("model", model).put("version", version);
        try {
            Artifact artifact = store.verify(model, version);
            row.put("intact", true).put("digest", artifact.digest());
            table.add(model, Integer.toString(version), "yes", artifact.digest());
            return true;
        } catch (ArtifactRejected e) {
            row.put("intact", false).put("reason", e.reason());
            table.add(model, Integer.toString(version), "no", e.reason());
            return false;
        }
    }
}
