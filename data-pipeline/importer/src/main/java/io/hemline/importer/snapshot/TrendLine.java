package io.hemline.importer.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.core.JsonObjectReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One trend as a line of a snapshot.
 *
 * <p>Confined to one thread.
 */
final class TrendLine {

    private static final JsonFactory JSON = new JsonFactory();
    private static final double EXACT = 1L << 53;

    private @Nullable String trend;
    private @Nullable String market;
    private @Nullable String gender;
    private @Nullable String category;
    private @Nullable LocalDate firstSeen;
    private @Nullable LocalDate lastWeek;
    private @Nullable Instant asOf;
    private double @Nullable [] volume;
    private double @Nullable [] influencerShare;
    private double @Nullable [] sentiment;
    private double @Nullable [] engagement;
    private double @Nullable [] embedding;
    private @Nullable String encoderDigest;

    private TrendLine() {}

    /** Parses a line. An {@link IllegalArgumentException} names the invalid field. */
    static TrendRecord parse(String line) throws IOException {
        TrendLine fields = new TrendLine();
        JsonObjectReader.read(line, fields::read);
        return fields.record();
    }

    private void read(String field, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (field) {
            case "trend" -> trend = JsonObjectReader.text(field, json);
            case "market" -> market = JsonObjectReader.text(field, json);
            case "gender" -> gender = JsonObjectReader.text(field, json);
            case "category" -> category = JsonObjectReader.text(field, json);
            case "first_seen" -> firstSeen = day(field, json);
            case "last_week" -> lastWeek = day(field, json);
            case "features_as_of" -> asOf = JsonObjectReader.instant(field, json);
            case "volume" -> volume = numbers(field, json);
            case "influencer_share" -> influencerShare = numbers(field, json);
            case "sentiment" -> sentiment = numbers(field, json);
            case "engagement" -> engagement = numbers(field, json);
            case "image_embedding" -> embedding = numbers(field, json);
            case "encoder_digest" -> encoderDigest = JsonObjectReader.text(field, json);
            default -> throw JsonObjectReader.unknownField(field);
        }
    }

    private TrendRecord record() {
        return new TrendRecord(
                JsonObjectReader.required("trend", trend),
                JsonObjectReader.required("market", market),
                gender,
                category,
                firstSeen,
                JsonObjectReader.required("last_week", lastWeek),
                asOf,
                JsonObjectReader.required("volume", volume),
                influencerShare,
                sentiment,
                engagement,
                floats(embedding),
                encoderDigest);
    }

    private static LocalDate day(String field, JsonParser json) throws IOException {
        String text = JsonObjectReader.text(field, json);
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(field + ": a date such as 2026-11-16 is expected, not " + text, e);
        }
    }

    private static double[] numbers(String field, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException(field + ": an array is expected");
        }
        List<Double> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonToken token = json.currentToken();
            if (token != JsonToken.VALUE_NULL && (token == null || !token.isNumeric())) {
                throw new IllegalArgumentException(field + "[" + values.size() + "]: a number or null is expected");
            }
            values.add(token == JsonToken.VALUE_NULL ? Double.NaN : json.getDoubleValue());
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static float @Nullable [] floats(double @Nullable [] values) {
        if (values == null) {
            return null;
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** The line of a trend, without its end. */
    static String format(TrendRecord trend) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("trend", trend.trend());
            json.writeStringField("market", trend.market());
            text(json, "gender", trend.gender());
            text(json, "category", trend.category());
            text(json, "first_seen", trend.firstSeen());
            json.writeStringField("last_week", trend.lastWeek().toString());
            text(json, "features_as_of", trend.featuresAsOf());
            numbers(json, "volume", trend.volume());
            numbers(json, "influencer_share", trend.influencerShare());
            numbers(json, "sentiment", trend.sentiment());
            numbers(json, "engagement", trend.engagement());
            if (trend.embedding() != null) {
                json.writeArrayFieldStart("image_embedding");
                for (float value : trend.embedding()) {
                    json.writeNumber(value);
                }
                json.writeEndArray();
            }
            text(json, "encoder_digest", trend.encoderDigest());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void text(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value.toString());
        }
    }

    private static void numbers(JsonGenerator json, String field, double @Nullable [] values) throws IOException {
        if (values == null) {
            return;
        }
        json.writeArrayFieldStart(field);
        for (double value : values) {
            if (Double.isNaN(value)) {
                json.writeNull();
            } else if (value == Math.rint(value) && Math.abs(value) < EXACT) {
                json.writeNumber((long) value);
            } else {
                json.writeNumber(value);
            }
        }
        json.writeEndArray();
    }
}
