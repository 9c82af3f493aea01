package io.hemline.importer.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes trends as JSON lines; equal trends give equal bytes, and numbers have as few digits as tell them apart. */
final class TrendJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private TrendJson() {}

    static void write(OutputStream out, Iterable<TrendRecord> trends) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (TrendRecord trend : trends) {
                write(json, trend);
                json.writeRaw('\n');
            }
        }
    }

    private static void write(JsonGenerator json, TrendRecord trend) throws IOException {
        json.writeStartObject();
        json.writeStringField("trend", trend.trend());
        json.writeStringField("market", trend.market());
        text(json, "gender", trend.gender());
        text(json, "category", trend.category());
        text(json, "first_seen", trend.firstSeen());
        text(json, "last_week", trend.lastWeek());
        text(json, "features_as_of", trend.featuresAsOf());
        weeks(json, "volume", trend.volume());
        weeks(json, "influencer_share", trend.influencerShare());
        weeks(json, "sentiment", trend.sentiment());
        weeks(json, "engagement", trend.engagement());
        embedding(json, trend.embedding());
        text(json, "encoder_digest", trend.encoderDigest());
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNullField(field);
        } else {
            json.writeStringField(field, value.toString());
        }
    }

    private static void weeks(JsonGenerator json, String field, double @Nullable [] values) throws IOException {
        if (values == null) {
            json.writeNullField(field);
            return;
        }
        json.writeArrayFieldStart(field);
        for (double value : values) {
            if (Double.isNaN(value)) {
                json.writeNull();
            } else {
                // Plus 0.0, negative zero is zero.
                json.writeNumber(value + 0.0);
            }
        }
        json.writeEndArray();
    }

    private static void embedding(JsonGenerator json, float @Nullable [] values) throws IOException {
        if (values == null) {
            json.writeNullField("image_embedding");
            return;
        }
        json.writeArrayFieldStart("image_embedding");
        for (float value : values) {
            json.writeNumber(value + 0.0f);
        }
        json.writeEndArray();
    }
}
