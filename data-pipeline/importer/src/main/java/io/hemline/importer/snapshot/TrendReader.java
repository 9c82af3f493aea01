package io.hemline.importer.snapshot;

import static io.hemline.serving.core.JsonObjectReader.required;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.core.JsonObjectReader;
import io.hemline.serving.core.JsonText.NotJson;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one trend, a line of a snapshot, by {@code model-store/feature-schema.json}.
 *
 * <p>Confined to one thread.
 */
final class TrendReader {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

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
    private float @Nullable [] embedding;
    private @Nullable String encoderDigest;

    private TrendReader() {}

    /** Reads a line. An {@link IllegalArgumentException} begins with the name of the invalid field. */
    static TrendRecord read(byte[] line) {
        TrendReader reader = new TrendReader();
        try {
            JsonObjectReader.read(line, reader::read);
        } catch (NotJson e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
        TrendRecord record = reader.record();
        record.check();
        return record;
    }

    private void read(String field, JsonParser json) throws IOException {
        switch (field) {
            case "trend" -> trend = text(field, json);
            case "market" -> market = text(field, json);
            case "gender" -> gender = text(field, json);
            case "category" -> category = text(field, json);
            case "first_seen" -> firstSeen = date(field, json);
            case "last_week" -> lastWeek = date(field, json);
            case "features_as_of" -> asOf = time(field, json);
            case "volume" -> volume = numbers(field, json);
            case "influencer_share" -> influencerShare = numbers(field, json);
            case "sentiment" -> sentiment = numbers(field, json);
            case "engagement" -> engagement = numbers(field, json);
            case "image_embedding" -> embedding = floats(numbers(field, json));
            case "encoder_digest" -> encoderDigest = text(field, json);
            default -> throw JsonObjectReader.unknownField(field);
        }
    }

    private TrendRecord record() {
        return new TrendRecord(
                required("trend", trend),
                required("market", market),
                gender,
                category,
                firstSeen,
                required("last_week", lastWeek),
                asOf,
                required("volume", volume),
                influencerShare,
                sentiment,
                engagement,
                embedding,
                encoderDigest);
    }

    private static @Nullable String text(String field, JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NULL ? null : JsonObjectReader.text(field, json);
    }

    private static @Nullable LocalDate date(String field, JsonParser json) throws IOException {
        String text = text(field, json);
        if (text == null) {
            return null;
        }
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(field + ": there is no day " + text, e);
        }
        throw new IllegalArgumentException(field + ": a date such as 2026-11-16 is expected, not " + text);
    }

    private static @Nullable Instant time(String field, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        Instant time = JsonObjectReader.instant(field, json);
        if (!TIME.matcher(json.getText()).matches()) {
            throw new IllegalArgumentException(
                    field + ": a time in UTC such as 2026-11-23T00:00:00Z is expected, not " + json.getText());
        }
        return time;
    }

    /** An array of numbers; {@code null} elements become {@code NaN}. */
    private static double @Nullable [] numbers(String field, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException(field + ": an array is expected, not " + json.getText());
        }
        double[] values = new double[64];
        int size = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size] = number(field, size, json);
            size++;
        }
        return Arrays.copyOf(values, size);
    }

    private static double number(String field, int index, JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Double.NaN;
        }
        if (token == null || !token.isNumeric()) {
            throw new IllegalArgumentException(field + "[" + index + "]: a number is expected, not " + json.getText());
        }
        double value = json.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException(field + "[" + index + "]: out of range, " + json.getText());
        }
        return value;
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
}
