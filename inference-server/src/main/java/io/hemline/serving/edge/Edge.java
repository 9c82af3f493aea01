package io.hemline.serving.edge;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
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

    /**
     * The edge cache that receives purges.
     *
     * <p>Immutable.
     *
     * @param purgeUrl the URL that purges are posted to, such as {@code https://api.example.com/__purge}; empty for no edge
     * @param purgeSecretFile the file of the secret that signs purges
     * @param purgeTimeout the timeout of a purge, after which it is retried
     */
    record EdgeConfig(URI purgeUrl, Path purgeSecretFile, Duration purgeTimeout) {

        public EdgeConfig {
            requireNonNull(purgeUrl, "purgeUrl");
            requireNonNull(purgeSecretFile, "purgeSecretFile");
            requireNonNull(purgeTimeout, "purgeTimeout");
            if (!purgeUrl.toString().isEmpty()) {
                requireUrl(purgeUrl);
                if (purgeSecretFile.toString().isEmpty()) {
                    throw new IllegalArgumentException(
                            "purgeSecretFile: the file of the secret that the edge has as PURGE_SECRET, "
                                    + "since purge-url is set");
                }
            }
            if (purgeTimeout.toMillis() < 10 || purgeTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("purgeTimeout: 10 milliseconds to 1 minute, not " + purgeTimeout);
            }
        }

        private static void requireUrl(URI url) {
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!web
                    || url.getHost() == null
                    || url.getPath().length() < 2
                    || url.getUserInfo() != null
                    || url.getQuery() != null
                    || url.getFragment() != null) {
                throw new IllegalArgumentException("purgeUrl: such as https://api.example.com/__purge, not " + url);
            }
        }

        /** No edge. */
        public static EdgeConfig defaults() {
            return new EdgeConfig(URI.create(""), Path.of(""), Duration.ofSeconds(5));
        }

        boolean on() {
            return !purgeUrl.toString().isEmpty();
        }
    }
}
