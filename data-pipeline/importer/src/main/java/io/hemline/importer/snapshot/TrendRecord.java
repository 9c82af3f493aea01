package io.hemline.importer.snapshot;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One trend of a snapshot, by {@code model-store/feature-schema.json}; NaN is a week that was not observed.
 *
 * <p>Immutable: the arrays are shared and never written.
 */
public record TrendRecord(
        String trend,
        String market,
        @Nullable String gender,
        @Nullable String category,
        @Nullable LocalDate firstSeen,
        LocalDate lastWeek,
        @Nullable Instant featuresAsOf,
        double[] volume,
        double @Nullable [] influencerShare,
        double @Nullable [] sentiment,
        double @Nullable [] engagement,
        float @Nullable [] embedding,
        @Nullable String encoderDigest) {}
