package io.hemline.store.cli;

import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Points a channel at an older version. */
@Command(
        name = "rollback",
        description = "Point a channel at an older version; without VERSION at the greatest intact one below.",
        footer = {"", "Examples:", "  ./hemline store rollback", "  ./hemline store rollback trend 5 --channel stable"})
final class RollbackVerb implements Callable<Integer> {

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
        ModelStore store = options.store(signatures);
        Channel chosen = channel.channel();
        OptionalInt previous = store.desired(arguments.model(), chosen);
        int version = rollback(store, arguments.model(), chosen);
        new PointerChange(arguments.model(), chosen, previous, version).print(options);
        return StoreCommand.DONE;
    }

    private int rollback(ModelStore store, String model, Channel chosen) {
        OptionalInt version = arguments.version();
        if (version.isEmpty()) {
            return store.rollback(model, chosen);
        }
        store.rollback(model, chosen, version.getAsInt());
        return version.getAsInt();
    }
}
