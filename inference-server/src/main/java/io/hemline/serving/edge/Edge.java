package io.hemline.serving.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.SortedSet;
import java.util.function.Supplier;

/** The cache in front of all servers, as far as one of them cares for it. */
@FunctionalInterface
public interface Edge extends AutoCloseable {

    /** That answers about that market rest on other features from now on. Returns at once. */
    void featuresChanged(String market);

    /** Tells it nothing more. */
    @Override
    default void close() {}

    /**
     * The edge of the configuration, or none. Throws an {@link java.io.UncheckedIOException} when the secret cannot be read.
     *
     * @param model whose answers it keeps
     * @param live the versions that answer as the store wishes; none while that is not so
     */
    static Edge open(
            EdgeConfig config,
            Vertx vertx,
            String model,
            Supplier<SortedSet<Integer>> live,
            Clock clock,
            MeterRegistry meters) {
        if (!config.on()) {
            return market -> {};
        }
        Path secret = config.purgeSecretFile();
        PurgeSignature.read(secret); // one that is missing stops the start
        PurgeSender sender = new PurgeSender(
                vertx,
                config.purgeUrl(),
                () -> vertx.executeBlocking(() -> PurgeSignature.read(secret), false),
                config.purgeTimeout(),
                clock);
        PurgeMetrics counts = new PurgeMetrics(config.purgeUrl(), meters);
        Purger purger = new Purger(sender, model, live, counts, clock, vertx, Duration.ofMillis(250));
        purger.watch();
        return purger;
    }
}
