package io.hemline.serving.features;

import io.hemline.serving.forecast.Attributes;
import io.hemline.serving.forecast.Series;
import io.hemline.serving.forecast.TrendQuestion;
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

    private final Map<String, Buffer> values = new HashMap<>();
    private Instant asOf = Instant.EPOCH;

    void add(String feature, Buffer value, Instant eventTime) {
        values.put(feature, value);
        if (eventTime.isAfter(asOf)) {
            asOf = eventTime;
        }
    }

    /** The trend; an {@link IllegalArgumentException} begins with the feature that is wrong. */
    KnownTrend trend(TrendQuestion key) {
        String market = Objects.requireNonNull(key.market(), "market");
        return new KnownTrend(
                key.hashtag(),
                market,
                series(),
                new Attributes(market, text("gender"), text("category")),
                read("image_embedding", FeastValue::floats),
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
        if (Math.abs(days) > 1_000_000) {
            throw new IllegalArgumentException("last_week: days since 1970-01-01 are expected, not " + days);
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
