package io.hemline.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.hemline.serving.core.Series;
import io.hemline.serving.http.Problem.ProblemException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one JSON text in order. A value of the wrong type becomes an invalid field, and reading
 * continues after it; a text that is not JSON ends it with a {@link ProblemException}.
 *
 * <p>{@code NaN} and {@code Infinity}, which Python writes for missing values, reach the reader of the number, which
 * reports their place.
 *
 * <p>Confined to one thread.
 */
public final class JsonTokens {

    static final int MAX_DEPTH = 32;

    private static final int MAX_NUMBER_LENGTH = 1000;
    private static final int MAX_NAME_LENGTH = 1000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final InvalidFields faults;

    private JsonTokens(JsonParser parser, InvalidFields faults) {
        this.parser = parser;
        this.faults = faults;
    }

    /** Reads one whole text; {@code reader} starts at its first token. */
    public static <T> @Nullable T read(byte[] text, InvalidFields faults, Reader<T> reader) {
        return StrictJson.read(
                        FACTORY,
                        text,
                        text.length,
                        parser -> Optional.ofNullable(reader.read(new JsonTokens(parser, faults))))
                .orElse(null);
    }

    public InvalidFields faults() {
        return faults;
    }

    /** Whether the current value is an object; another value becomes an invalid field and is skipped. */
    public boolean isObject(String pointer) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        refuse(pointer, "an object");
        return false;
    }

    /** Whether the current value is a list; another value becomes an invalid field and is skipped. */
    public boolean isList(String pointer, String expected) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return true;
        }
        refuse(pointer, expected);
        return false;
    }

    /** Whether the current value is text. */
    public boolean isText() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    /** Moves to the value of the next member and returns its name; {@code null} at the end of the object. */
    public @Nullable String nextMember() throws IOException {
        String name = parser.nextFieldName();
        if (name != null) {
            parser.nextToken();
        }
        return name;
    }

    /** The same, skipping optional members that are {@code null}. */
    public @Nullable String nextMember(Set<String> optional) throws IOException {
        String name = nextMember();
        while (name != null && parser.currentToken() == JsonToken.VALUE_NULL && optional.contains(name)) {
            name = nextMember();
        }
        return name;
    }

    /** Moves to the next element; {@code false} at the end of the list. */
    public boolean nextElement() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    /** The current value as text; {@code null} after an invalid one. */
    public @Nullable String text(String parent, String name) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        refuse(JsonPointer.member(parent, name), "text");
        return null;
    }

    /** The current value as a number, {@code NaN} for {@code null}; 0 after an invalid one. */
    public double weeklyValue(String parent, int week) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Double.NaN;
        }
        if (token != null && token.isNumeric()) {
            double value = parser.getDoubleValue();
            if (Math.abs(value) <= Series.MAX_VALUE) {
                return value + 0.0;
            }
        }
        refuse(JsonPointer.element(parent, week), "a number from -1e30 to 1e30, or null");
        return 0;
    }

    /** Reports the current value as an invalid field, and skips it. */
    void refuse(String pointer, String expected) throws IOException {
        faults.add(pointer, expected + ", not " + shown());
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN() && isWord(parser.getText())) {
            faults.markNotJson();
        }
        skip();
    }

    /** Skips the current value. */
    public void skip() throws IOException {
        parser.skipChildren();
    }

    private String shown() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return "an object";
        }
        if (token == JsonToken.START_ARRAY) {
            return "a list";
        }
        String text = parser.getText();
        return token == JsonToken.VALUE_STRING ? SafeText.quoted(text) : SafeText.of(text);
    }

    private static boolean isWord(String number) {
        return number.endsWith("N") || number.endsWith("y") || number.endsWith("F");
    }

    /** Reads the value that starts at the current token, up to its last token. */
    @FunctionalInterface
    public interface Reader<T> {

        @Nullable T read(JsonTokens in) throws IOException;
    }
}
