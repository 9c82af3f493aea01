package io.hemline.store.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hemline.store.Artifact;
import io.hemline.store.Channel;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.hemline.store.StoredVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows one version. */
@Command(
        name = "show",
        description =
                "Show a version: its manifest, its metrics beside the baselines', its card. Without VERSION the one that the channel names.",
        footer = {
            "",
            "Examples:",
            "  ./hemline store show",
            "  ./hemline store show trend 7",
            "  ./hemline store show --channel canary --json | jq .manifest.backtest"
        })
final class ShowVerb implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final ModelArguments arguments = new ModelArguments();

    @Mixin
    private final ModelArguments.ChannelOption channel = new ModelArguments.ChannelOption();

    @Override
    public Integer call() {
        ModelStore store = options.store();
        Artifact artifact = store.verify(arguments.model(), version(store));
        Set<Channel> channels = store.versions(artifact.model()).stream()
                .filter(v -> v.version() == artifact.version())
                .map(StoredVersion::channels)
                .findFirst()
                .orElse(Set.of());
        try {
            String card = Files.readString(artifact.file("card.md"));
            options.print(json(artifact, channels, card), ArtifactSummary.text(artifact, channels) + "\n" + card);
        } catch (IOException e) {
            throw new StoreException("cannot read " + artifact.folder() + ": " + e, e);
        }
        return StoreCommand.DONE;
    }

    private int version(ModelStore store) {
        if (arguments.version().isPresent()) {
            return arguments.version().getAsInt();
        }
        return store.desired(arguments.model(), channel.channel())
                .orElseThrow(() -> new StoreException(String.format(
                        Locale.ROOT,
                        "%s of %s names no version yet; name one of those that list shows",
                        channel.channel().path(),
                        arguments.model())));
    }

    private static ObjectNode json(Artifact artifact, Set<Channel> channels, String card) throws IOException {
        ObjectNode json = OutputFormat.object().put("model", artifact.model()).put("version", artifact.version());
        json.set("channels", OutputFormat.array(channels));
        json.put("digest", artifact.digest());
        json.set(
                "manifest",
                new ObjectMapper()
                        .readTree(artifact.folder().resolve(Manifest.FILE).toFile()));
        return json.put("card", card);
    }
}
