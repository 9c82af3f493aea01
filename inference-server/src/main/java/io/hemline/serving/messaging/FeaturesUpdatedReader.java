package io.hemline.serving.messaging;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.hemline.serving.core.TrendQuestion;
import io.hemline.serving.core.Utf8;
import io.hemline.serving.messaging.InvalidEvent.Kind;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event as {@code model-store/schema/features-updated.schema.json} has it, and nothing else.
 *
 * <p>Confined to one thread.
 */
final class FeaturesUpdatedReader {

    /** The longest event; ten thousand hashtags fit in. */
    static final int MAX_BYTES = 1 << 20;

    /** The most trends of one event. */
    static final int MAX_TRENDS = 10_000;

    private static final int MAX_MARKET = 100;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(4).build())
            .build();

    private @Nullable String market;
    private @Nullable List<String> trends;
    private @Nullable Instant asOf;

    private FeaturesUpdatedReader() {}

    static FeaturesUpdated read(byte @Nullable [] event) throws InvalidEvent {
        if (event == null) {
            throw new InvalidEvent(Kind.NOT_JSON, "there is no value");
        }
        if (event.length > MAX_BYTES) {
            throw new InvalidEvent(Kind.TOO_BIG, "at most " + MAX_BYTES + " bytes, not " + event.length);
        }
        if (!Utf8.isValid(event, event.length)) {
            throw new InvalidEvent(Kind.NOT_JSON, "it is not valid UTF-8");
        }
        FeaturesUpdatedReader reader = new FeaturesUpdatedReader();
        try (JsonParser json = JSON.createParser(event)) {
            reader.read(json);
        } catch (JacksonException e) {
            throw new InvalidEvent(Kind.NOT_JSON, e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidEvent(Kind.NOT_JSON, e.toString());
        }
        return new FeaturesUpdated(
                required("market", reader.market),
                required("trends", reader.trends),
                required("features_as_of", reader.asOf));
    }

    private void read(JsonParser json) throws IOException, InvalidEvent {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw invalid(json.currentToken() == null ? "there is no value" : "an object is expected");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "market" -> market = text(field, json, MAX_MARKET);
                case "trends" -> trends = trends(json);
                case "features_as_of" -> asOf = moment(field, json);
                default -> throw invalid(shortened(field) + ": unknown field");
            }
        }
        if (json.nextToken() != null) {
            throw invalid("one object is expected, more follows");
        }
    }

    private static List<String> trends(JsonParser json) throws IOException, InvalidEvent {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("trends: an array is expected");
        }
        List<String> hashtags = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (hashtags.size() == MAX_TRENDS) {
                throw invalid("trends: at most " + MAX_TRENDS);
            }
            String field = "trends[" + hashtags.size() + "]";
            hashtags.add(TrendQuestion.canonical(text(field, json, TrendQuestion.MAX_HASHTAG_LENGTH)));
        }
        if (hashtags.isEmpty()) {
            throw invalid("trends: at least one");
        }
        return hashtags;
    }

    private static String text(String field, JsonParser json, int max) throws IOException, InvalidEvent {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid(field + ": text is expected");
        }
        String text = json.getText();
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > max) {
            throw invalid(field + ": 1 to " + max + " characters, not " + length);
        }
        return text;
    }

    private static Instant moment(String field, JsonParser json) throws IOException, InvalidEvent {
        String text = text(field, json, 40);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw invalid(field + ": a moment such as 2026-11-23T00:00:00Z is expected, not " + text);
        }
    }

    private static <T> T required(String field, @Nullable T value) throws InvalidEvent {
        if (value == null) {
            throw invalid(field + ": is missing");
        }
        return value;
    }

    private static InvalidEvent invalid(String message) {
        return new InvalidEvent(Kind.INVALID, message);
    }

    private static String shortened(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }
}
