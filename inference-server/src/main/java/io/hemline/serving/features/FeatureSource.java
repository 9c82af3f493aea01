package io.hemline.serving.features;

import io.hemline.serving.core.TrendQuestion;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/** The features of known trends. */
public interface FeatureSource extends AutoCloseable {

    /**
     * The trends asked for, in order, each empty where it is not known. A question without a market means the market where
     * the trend has most recent volume.
     *
     * @return the trends, or a failure: {@code FEATURES_UNAVAILABLE}
     */
    Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions);

    /** Every trend in every market, or a failure: {@code FEATURES_UNAVAILABLE}. */
    Future<List<TrendQuestion>> all();

    /** Whether the trends have been read once; until then nobody knows every market. */
    default boolean isRead() {
        return true;
    }

    /** The markets in which there are trends. */
    Set<String> markets();

    /** When the newest features were made, RFC 3339; empty when there are none. */
    String asOf();

    /**
     * Reads again what is kept of those trends of that market: who asks after that gets what the store has by now.
     *
     * @return when that is so; or a failure, {@code FEATURES_UNAVAILABLE}: what is kept goes on being answered, as stale
     */
    default Future<Void> refresh(String market, Collection<String> hashtags) {
        return Future.succeededFuture();
    }

    /** How many stored embeddings each image encoder made, by its digest; or a failure: {@code FEATURES_UNAVAILABLE}. */
    Future<Map<String, Long>> encoders();

    /** The source of the configuration. Throws an {@link InvalidSnapshot} for a file that cannot be used. */
    static FeatureSource open(FeaturesConfig config, Vertx vertx, MeterRegistry meters, LongConsumer postgresNanos) {
        return switch (config.source()) {
            case SNAPSHOT -> SnapshotSource.read(config.snapshot());
            case FEAST -> FeastSource.open(config.postgres(), vertx, System::nanoTime, meters, postgresNanos);
        };
    }

    /** Lets go of what it holds open. */
    @Override
    default void close() {}
}
