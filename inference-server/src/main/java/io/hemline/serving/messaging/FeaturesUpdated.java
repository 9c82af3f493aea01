package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hemline.serving.core.JsonObjectReader;
import io.hemline.serving.core.JsonText.NotJson;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.messaging.FeaturesUpdated.InvalidEvent.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The event that the features of some trends in a market were updated, as
 * {@code model-store/schema/features-updated.schema.json} defines it.
 *
 * <p>Immutable.
 *
 * @param market of the trends
 * @param trends canonical hashtags
 * @param asOf time of the features
 */
public record FeaturesUpdated(String market, List<String> trends, Instant asOf) {

    /** The topic of these events. */
    public static final String TOPIC = "features-updated";

    /** The longest event in bytes; ten thousand hashtags fit. */
    public static final int MAX_BYTES = 1 << 20;

    /** The most trends of an event. */
    public static final int MAX_TRENDS = 10_000;

    private static final int MAX_MARKET_LENGTH = 100;

    public FeaturesUpdated {
        requireNonNull(market, "market");
        trends = List.copyOf(trends);
        requireNonNull(asOf, "asOf");
    }

    /** Parses the value of a record; accepts exactly the documents that the schema allows. */
    static FeaturesUpdated parse(byte @Nullable [] event) throws InvalidEvent {
        if (event == null) {
            throw new InvalidEvent(Kind.NOT_JSON, "there is no value");
        }
        if (event.length > MAX_BYTES) {
            throw new InvalidEvent(Kind.TOO_BIG, "at most " + MAX_BYTES + " bytes, not " + event.length);
        }
        Members members = new Members();
        try {
            JsonObjectReader.read(event, members::read);
            return members.event();
        } catch (NotJson e) {
            throw new InvalidEvent(Kind.NOT_JSON, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new InvalidEvent(Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** The members of one event while it is parsed. */
    private static final class Members {

        private @Nullable String market;
        private @Nullable List<String> trends;
        private @Nullable Instant asOf;

        void read(String member, JsonParser json) throws IOException {
            switch (member) {
                case "market" -> market = text(member, json, MAX_MARKET_LENGTH);
                case "trends" -> trends = trends(json);
                case "features_as_of" -> asOf = JsonObjectReader.instant(member, json);
                default -> throw JsonObjectReader.unknownField(member);
            }
        }

        FeaturesUpdated event() {
            return new FeaturesUpdated(
                    JsonObjectReader.required("market", market),
                    JsonObjectReader.required("trends", trends),
                    JsonObjectReader.required("features_as_of", asOf));
        }

        private static List<String> trends(JsonParser json) throws IOException {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("trends: an array is expected");
            }
            List<String> hashtags = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (hashtags.size() == MAX_TRENDS) {
                    throw new IllegalArgumentException("trends: at most " + MAX_TRENDS);
                }
                String element = "trends[" + hashtags.size() + "]";
                hashtags.add(TrendQuestion.canonical(text(element, json, TrendQuestion.MAX_HASHTAG_LENGTH)));
            }
            if (hashtags.isEmpty()) {
                throw new IllegalArgumentException("trends: at least one");
            }
            return hashtags;
        }

        private static String text(String member, JsonParser json, int maxLength) throws IOException {
            String text = JsonObjectReader.text(member, json);
            int length = text.codePointCount(0, text.length());
            if (length < 1 || length > maxLength) {
                throw new IllegalArgumentException(member + ": 1 to " + maxLength + " characters, not " + length);
            }
            return text;
        }
    }

    /** An event that cannot be used. Made without a stack trace. */
    static final class InvalidEvent extends Exception {

        private static final long serialVersionUID = 1L;

        private final Kind kind;

        InvalidEvent(Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }

        Kind kind() {
            return kind;
        }

        /** Why an event cannot be used; the lower-case name is a metric's tag. */
        enum Kind {
            /** Longer than {@link #MAX_BYTES}. */
            TOO_BIG,
            /** Not JSON. */
            NOT_JSON,
            /** JSON that violates the topic's schema. */
            INVALID
        }
    }
}
