package io.hemline.serving.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.SortedSet;
import java.util.function.Supplier;

/** The cache at the edge, from which this server purges stale responses. */
@FunctionalInterface
public interface Edge extends AutoCloseable {

    /** Purges the responses about a market after its features have changed. Returns at once. */
    void featuresChanged(String market);

    /** Stops purging. */
    @Override
    default void close() {}

    /**
     * Opens the configured edge, or one that ignores all changes if none is configured. Throws an {@link
     * java.io.UncheckedIOException} if the secret cannot be read.
     *
     * @param model the model whose responses the edge caches
     * @param live the live versions; empty while they differ from the desired ones
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
        PurgeSender.Signature.read(secret); // fails the start if the file is missing
        PurgeSender sender = new PurgeSender(
                vertx,
                config.purgeUrl(),
                () -> vertx.executeBlocking(() -> PurgeSender.Signature.read(secret), false),
                config.purgeTimeout(),
                clock);
        Purger.Metrics metrics = new Purger.Metrics(config.purgeUrl(), meters);
        Purger purger = new Purger(sender, model, live, metrics, clock, vertx, Duration.ofMillis(250));
        purger.start();
        return purger;
    }
}
