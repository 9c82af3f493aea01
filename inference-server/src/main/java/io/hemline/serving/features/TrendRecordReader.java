package io.hemline.serving.features;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.JsonObjectReader;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses one trend record, a line of a snapshot file.
 *
 * <p>Confined to one thread.
 */
final class TrendRecordReader {

    private static final double MAX_VALUE = 1e30;

    private @Nullable String trend;
    private @Nullable String market;
    private @Nullable String gender;
    private @Nullable String category;
    private @Nullable LocalDate lastWeek;
    private @Nullable Instant asOf;
    private double @Nullable [] volume;
    private double @Nullable [] influencerShare;
    private double @Nullable [] sentiment;
    private double @Nullable [] engagement;
    private double @Nullable [] embedding;
    private @Nullable String encoderDigest;

    private TrendRecordReader() {}

    /** Parses a line. An {@link IllegalArgumentException} begins with the name of the invalid field. */
    static KnownTrend parse(String line) {
        TrendRecordReader reader = new TrendRecordReader();
        try {
            JsonObjectReader.read(line, reader::read);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
        return reader.trend();
    }

    private void read(String field, JsonParser json) throws IOException {
        switch (field) {
            case "trend" -> trend = text(field, json);
            case "market" -> market = text(field, json);
            case "gender" -> gender = text(field, json);
            case "category" -> category = text(field, json);
            case "first_seen" -> day(field, json);
            case "last_week" -> lastWeek = day(field, json);
            case "features_as_of" ->
                asOf = json.currentToken() == JsonToken.VALUE_NULL ? null : JsonObjectReader.instant(field, json);
            case "volume" -> volume = numbers(field, json);
            case "influencer_share" -> influencerShare = numbers(field, json);
            case "sentiment" -> sentiment = numbers(field, json);
            case "engagement" -> engagement = numbers(field, json);
            case "image_embedding" -> embedding = numbers(field, json);
            case "encoder_digest" -> encoderDigest = text(field, json);
            default -> throw JsonObjectReader.unknownField(field);
        }
    }

    private KnownTrend trend() {
        String hashtag = JsonObjectReader.required("trend", trend);
        if (!hashtag.equals(TrendQuestion.canonical(hashtag)) || hashtag.isEmpty()) {
            throw new IllegalArgumentException("trend: \"" + hashtag + "\" is not canonical, \""
                    + TrendQuestion.canonical(hashtag) + "\" would be");
        }
        String where = JsonObjectReader.required("market", market);
        LocalDate monday = JsonObjectReader.required("last_week", lastWeek);
        if (monday.getDayOfWeek() != DayOfWeek.MONDAY) {
            throw new IllegalArgumentException(
                    "last_week: " + monday + " is a " + monday.getDayOfWeek() + ", not a Monday");
        }
        double[] weeks = JsonObjectReader.required("volume", volume);
        Series series = series(monday, weeks);
        return new KnownTrend(
                hashtag,
                where,
                series,
                new Attributes(where, gender, category),
                floats(embedding),
                encoderDigest,
                (asOf == null ? Instant.EPOCH : asOf).toString(),
                false);
    }

    private Series series(LocalDate monday, double[] weeks) {
        try {
            return new Series(monday, weeks, influencerShare, sentiment, engagement);
        } catch (IllegalArgumentException e) {
            // Its messages begin with the record's component names, of which one differs from the field's name.
            throw new IllegalArgumentException(
                    String.valueOf(e.getMessage()).replace("influencerShare", "influencer_share"), e);
        }
    }

    private static @Nullable String text(String field, JsonParser json) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NULL ? null : JsonObjectReader.text(field, json);
    }

    private static @Nullable LocalDate day(String field, JsonParser json) throws IOException {
        String text = text(field, json);
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(field + ": a date such as 2026-11-16 is expected, not " + text, e);
        }
    }

    /** An array of numbers; {@code null} elements become {@code NaN}. */
    private static double @Nullable [] numbers(String field, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException(field + ": an array is expected, not " + json.getText());
        }
        List<Double> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(number(field, values.size(), json));
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double number(String field, int index, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return Double.NaN;
        }
        if (json.currentToken() == null || !json.currentToken().isNumeric()) {
            throw new IllegalArgumentException(field + "[" + index + "]: a number is expected, not " + json.getText());
        }
        double value = json.getDoubleValue();
        if (!(Math.abs(value) <= MAX_VALUE)) {
            throw new IllegalArgumentException(
                    field + "[" + index + "]: at most " + MAX_VALUE + " either way, not " + json.getText());
        }
        return value;
    }

    private static float @Nullable [] floats(double @Nullable [] values) {
        if (values == null) {
            return null;
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException("image_embedding[" + i + "]: a number is expected, not null");
            }
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
