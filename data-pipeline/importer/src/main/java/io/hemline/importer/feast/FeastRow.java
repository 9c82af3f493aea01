package io.hemline.importer.feast;

import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.features.wire.FloatList;
import io.hemline.serving.features.wire.Value;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of one feature of a trend, as Feast writes it.
 *
 * <p>Immutable by convention: the buffer is never written.
 *
 * @param feature its name in the feature view
 * @param value the serialized {@code feast.types.Value}; no bytes for an unknown feature
 * @param text the column {@code value_text}: strings and integers as text
 */
record FeastRow(String feature, Buffer value, @Nullable String text) {

    /*
     * Feast stores weekly values in single precision, days as their number since 1970-01-01, and an unknown feature as a
     * message without content, which has no bytes.
     */
    /** The number of features of a trend. */
    static final int FEATURES = 10;

    static final String FIRST_SEEN = "first_seen";

    private static final Buffer UNKNOWN = Buffer.buffer();

    /** All features of a trend, known or not, so that an earlier value is never left beside a later one. */
    static List<FeastRow> of(TrendRecord trend) {
        return List.of(
                weeks("volume", trend.volume()),
                weeks("influencer_share", trend.influencerShare()),
                weeks("sentiment", trend.sentiment()),
                weeks("engagement", trend.engagement()),
                day("last_week", trend.lastWeek()),
                day(FIRST_SEEN, trend.firstSeen()),
                text("gender", trend.gender()),
                text("category", trend.category()),
                floats("image_embedding", trend.embedding()),
                text("encoder_digest", trend.encoderDigest()));
    }

    private static FeastRow weeks(String feature, double @Nullable [] values) {
        if (values == null) {
            return unknown(feature);
        }
        FloatList.Builder list = FloatList.newBuilder();
        for (double value : values) {
            // A NaN of Java has one representation, the one that Feast writes.
            list.addVal((float) value);
        }
        return list(feature, list);
    }

    private static FeastRow floats(String feature, float @Nullable [] values) {
        if (values == null) {
            return unknown(feature);
        }
        FloatList.Builder list = FloatList.newBuilder();
        for (float value : values) {
            list.addVal(value);
        }
        return list(feature, list);
    }

    private static FeastRow list(String feature, FloatList.Builder list) {
        return new FeastRow(feature, bytes(Value.newBuilder().setFloatListVal(list)), null);
    }

    private static FeastRow day(String feature, @Nullable LocalDate day) {
        if (day == null) {
            return unknown(feature);
        }
        long days = day.toEpochDay();
        return new FeastRow(feature, bytes(Value.newBuilder().setInt64Val(days)), Long.toString(days));
    }

    private static FeastRow text(String feature, @Nullable String text) {
        return text == null
                ? unknown(feature)
                : new FeastRow(feature, bytes(Value.newBuilder().setStringVal(text)), text);
    }

    private static FeastRow unknown(String feature) {
        return new FeastRow(feature, UNKNOWN, null);
    }

    private static Buffer bytes(Value.Builder value) {
        return Buffer.buffer(value.build().toByteArray());
    }
}
