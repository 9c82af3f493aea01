package io.hemline.serving.features;

import io.hemline.serving.core.Attributes;
import io.hemline.serving.core.Series;
import io.hemline.serving.core.TrendQuestion;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One trend as it is gathered from the rows of the online store, a row for each feature.
 *
 * <p>Confined to one thread.
 */
final class FeastTrend {

    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private final Map<String, @Nullable Buffer> values = new HashMap<>();
    private Instant asOf = Instant.EPOCH;
    private @Nullable String undated;

    /** Adds a feature; {@code eventTime} is absent where the row names no time that can be used. */
    void add(String feature, @Nullable Buffer value, @Nullable Instant eventTime) {
        values.put(feature, value);
        if (eventTime == null) {
            undated = feature;
        } else if (eventTime.isAfter(asOf)) {
            asOf = eventTime;
        }
    }

    /** The trend; an {@link IllegalArgumentException} begins with the feature that is wrong. */
    KnownTrend trend(TrendQuestion key) {
        if (undated != null) {
            throw new IllegalArgumentException(undated + ": event_ts is missing, or in no year from 1 to 9999");
        }
        String market = Objects.requireNonNull(key.market(), "market");
        return new KnownTrend(
                key.hashtag(),
                market,
                series(),
                new Attributes(market, text("gender"), text("category")),
                embedding(),
                text("encoder_digest"),
                asOf.toString(),
                false);
    }

    private Series series() {
        double[] volume = weeks("volume");
        if (volume == null) {
            throw new IllegalArgumentException("volume: is missing");
        }
        return new Series(lastWeek(), volume, weeks("influencer_share"), weeks("sentiment"), weeks("engagement"));
    }

    private LocalDate lastWeek() {
        Long days = read("last_week", FeastValue::int64);
        if (days == null) {
            throw new IllegalArgumentException("last_week: is missing");
        }
        if (days < FIRST_DAY || days > LAST_DAY) {
            throw new IllegalArgumentException(
                    "last_week: days since 1970-01-01 in the years 1 to 9999 are expected, not " + days);
        }
        return LocalDate.ofEpochDay(days);
    }

    private @Nullable String text(String feature) {
        return read(feature, FeastValue::string);
    }

    /** Weekly values; what no model can count with (infinite) is as good as not observed. */
    private double @Nullable [] weeks(String feature) {
        float[] floats = read(feature, FeastValue::floats);
        if (floats == null) {
            return null;
        }
        double[] weeks = new double[floats.length];
        for (int i = 0; i < weeks.length; i++) {
            weeks[i] = Float.isInfinite(floats[i]) || Math.abs(floats[i]) > 1e30f ? Double.NaN : floats[i];
        }
        return weeks;
    }

    private float @Nullable [] embedding() {
        float[] embedding = read("image_embedding", FeastValue::floats);
        for (int i = 0; embedding != null && i < embedding.length; i++) {
            if (!Float.isFinite(embedding[i])) {
                throw new IllegalArgumentException(
                        "image_embedding[" + i + "]: a finite number is expected, not " + embedding[i]);
            }
        }
        return embedding;
    }

    private <T> @Nullable T read(String feature, Reading<T> reading) {
        Buffer bytes = values.get(feature);
        try {
            return bytes == null ? null : reading.of(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(feature + ": " + e.getMessage(), e);
        }
    }

    /** One way to read a value. */
    private interface Reading<T> {
        @Nullable T of(Buffer bytes);
    }
}
