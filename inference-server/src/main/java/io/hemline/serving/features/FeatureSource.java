package io.hemline.serving.features;

import io.hemline.serving.core.Question.TrendQuestion;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/** Looks up the features of known trends. */
public interface FeatureSource extends AutoCloseable {

    /**
     * The trends of the questions, in order, each empty if unknown. A question without a market means the market in which
     * the trend has the greatest recent volume.
     *
     * @return the trends, or a failure: {@code FEATURES_UNAVAILABLE}
     */
    Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions);

    /** Every trend in every market, or a failure: {@code FEATURES_UNAVAILABLE}. */
    Future<List<TrendQuestion>> all();

    /** Whether the list of trends has been read; before that {@link #markets} is incomplete. */
    default boolean isRead() {
        return true;
    }

    /** The markets of the trends. */
    Set<String> markets();

    /** Time of the newest features, RFC 3339; empty without features. */
    String asOf();

    /**
     * Refreshes the cached features of the trends in the market: later lookups return the store's current features.
     *
     * @return completion, or a failure: {@code FEATURES_UNAVAILABLE}; the cached features are then served as stale
     */
    default Future<Void> refresh(String market, Collection<String> hashtags) {
        return Future.succeededFuture();
    }

    /** The number of stored embeddings by encoder digest, or a failure: {@code FEATURES_UNAVAILABLE}. */
    Future<Map<String, Long>> encoders();

    /** The source of the configuration. Throws an {@link SnapshotSource.InvalidSnapshot} for a file that cannot be used. */
    static FeatureSource open(FeaturesConfig config, Vertx vertx, MeterRegistry meters, LongConsumer postgresNanos) {
        return switch (config.source()) {
            case SNAPSHOT -> SnapshotSource.read(config.snapshot());
            case FEAST -> FeastSource.open(config.postgres(), vertx, System::nanoTime, meters, postgresNanos);
        };
    }

    /** Closes the connections. */
    @Override
    default void close() {}

    /** Registers {@code features_age_seconds}, the age of the source's newest features; {@code NaN} without features. */
    static void registerAge(FeatureSource source, Clock clock, MeterRegistry meters) {
        Gauge.builder("features.age", () -> ageSeconds(source.asOf(), clock.instant()))
                .description("Age of the newest features")
                .baseUnit("seconds")
                .register(meters);
    }

    /** The seconds since {@code asOf}, an RFC 3339 time or empty. */
    static double ageSeconds(String asOf, Instant now) {
        return asOf.isEmpty()
                ? Double.NaN
                : Duration.between(Instant.parse(asOf), now).toMillis() / 1000.0;
    }
}
