package io.hemline.serving.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.hemline.serving.core.JsonText.NotJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object member by member; no member may stand twice.
 *
 * <p>Text that is no JSON throws a {@link NotJson}; a member of another kind than expected throws an
 * {@link IllegalArgumentException} whose message begins with the member's name.
 */
public final class JsonObjectReader {

    private static final int MAX_DEPTH = 4;
    private static final int MAX_SHOWN = 100;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private JsonObjectReader() {}

    public static void read(byte[] text, MemberReader members) throws NotJson {
        JsonText.read(FACTORY, text, text.length, json -> {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("an object is expected");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                members.read(name, json);
            }
            return members;
        });
    }

    public static void read(String text, MemberReader members) throws NotJson {
        read(text.getBytes(StandardCharsets.UTF_8), members);
    }

    /** The current value, a string. */
    public static String text(String member, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new IllegalArgumentException(member + ": text is expected, not " + shown(json.getText()));
        }
        return json.getText();
    }

    /** The current value, an RFC 3339 time. */
    public static Instant instant(String member, JsonParser json) throws IOException {
        String text = text(member, json);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    member + ": a time such as 2026-11-23T00:00:00Z is expected, not " + shown(text), e);
        }
    }

    public static <T> T required(String member, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(member + ": is missing");
        }
        return value;
    }

    public static IllegalArgumentException unknownField(String member) {
        return new IllegalArgumentException(shown(member) + ": unknown field");
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** Reads the value of one member; the parser is at the value's first token. */
    @FunctionalInterface
    public interface MemberReader {

        void read(String member, JsonParser json) throws IOException;
    }
}
