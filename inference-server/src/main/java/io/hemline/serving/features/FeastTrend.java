package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.features.wire.FloatList;
import io.hemline.serving.features.wire.Value;
import io.hemline.serving.features.wire.Value.ValCase;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rows of one trend in the online store, one for each feature, and decodes them.
 *
 * <p>Confined to one thread.
 */
public final class FeastTrend {

    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private final Map<String, @Nullable Buffer> values = new HashMap<>();
    private Instant asOf = Instant.EPOCH;
    private @Nullable String undated;

    /** A trend without rows. */
    public FeastTrend() {}

    /** Adds the row of one feature; {@code eventTime} is {@code null} for a row without a usable time. */
    public void add(String feature, @Nullable Buffer value, @Nullable Instant eventTime) {
        values.put(feature, value);
        if (eventTime == null) {
            undated = feature;
        } else if (eventTime.isAfter(asOf)) {
            asOf = eventTime;
        }
    }

    /** The trend. An {@link IllegalArgumentException} begins with the name of the invalid feature. */
    public KnownTrend trend(TrendQuestion key) {
        if (undated != null) {
            throw new IllegalArgumentException(undated + ": event_ts is missing, or in no year from 1 to 9999");
        }
        String market = requireNonNull(key.market(), "market");
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
        Value days = value("last_week", ValCase.INT64_VAL);
        if (days == null) {
            throw new IllegalArgumentException("last_week: is missing");
        }
        if (days.getInt64Val() < FIRST_DAY || days.getInt64Val() > LAST_DAY) {
            throw new IllegalArgumentException(
                    "last_week: days since 1970-01-01 in the years 1 to 9999 are expected, not " + days.getInt64Val());
        }
        return LocalDate.ofEpochDay(days.getInt64Val());
    }

    private @Nullable String text(String feature) {
        Value value = value(feature, ValCase.STRING_VAL);
        return value == null ? null : value.getStringVal();
    }

    /** Weekly values. Infinite and extreme values, which no model accepts, count as not observed. */
    private double @Nullable [] weeks(String feature) {
        Value value = value(feature, ValCase.FLOAT_LIST_VAL);
        if (value == null) {
            return null;
        }
        FloatList floats = value.getFloatListVal();
        double[] weeks = new double[floats.getValCount()];
        for (int i = 0; i < weeks.length; i++) {
            float week = floats.getVal(i);
            weeks[i] = Float.isInfinite(week) || Math.abs(week) > 1e30f ? Double.NaN : week;
        }
        return weeks;
    }

    private float @Nullable [] embedding() {
        Value value = value("image_embedding", ValCase.FLOAT_LIST_VAL);
        if (value == null) {
            return null;
        }
        FloatList floats = value.getFloatListVal();
        float[] embedding = new float[floats.getValCount()];
        for (int i = 0; i < embedding.length; i++) {
            embedding[i] = floats.getVal(i);
            if (!Float.isFinite(embedding[i])) {
                throw new IllegalArgumentException(
                        "image_embedding[" + i + "]: a finite number is expected, not " + embedding[i]);
            }
        }
        return embedding;
    }

    private @Nullable Value value(String feature, ValCase kind) {
        Buffer bytes = values.get(feature);
        try {
            return bytes == null ? null : decode(bytes, kind);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(feature + ": " + e.getMessage(), e);
        }
    }

    /** Decodes a value of the given kind; Feast stores {@code null} as no bytes. */
    public static @Nullable Value decode(Buffer bytes, ValCase kind) {
        if (bytes.length() == 0) {
            return null;
        }
        try {
            Value value = Value.parseFrom(bytes.getBytes());
            if (value.getValCase() != kind) {
                throw new IllegalArgumentException(kind + " is expected, not " + value.getValCase());
            }
            return value;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a Feast value: " + e.getMessage(), e);
        }
    }
}
