package io.hemline.store.cli;

import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Points a channel at a version. */
@Command(
        name = "promote",
        description = "Point a channel at a version that verify accepts; servers that follow the channel load it.",
        footer = {
            "",
            "Examples:",
            "  ./hemline store promote 7",
            "  ./hemline store promote trend 7 --channel canary",
            "  ./hemline store promote 7 --public-key signer.pem --require-signature"
        })
final class PromoteVerb implements Callable<Integer> {

    @Mixin
    private final StoreOptions options = new StoreOptions();

    @Mixin
    private final ModelArguments arguments = new ModelArguments();

    @Mixin
    private final ModelArguments.ChannelOption channel = new ModelArguments.ChannelOption();

    @Mixin
    private final StoreOptions.Signatures signatures = new StoreOptions.Signatures();

    @Override
    public Integer call() {
        int version = arguments.requiredVersion();
        ModelStore store = options.store(signatures);
        Channel chosen = channel.channel();
        OptionalInt previous = PointerChange.before(store, arguments.model(), chosen);
        store.promote(arguments.model(), version, chosen);
        new PointerChange(arguments.model(), chosen, previous, version).print(options);
        return StoreCommand.DONE;
    }
}
