package io.hemline.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.hemline.serving.core.Utf8;
import io.hemline.serving.http.Problem.ProblemException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the JSON text of a request: valid UTF-8 with exactly one value, else a {@link ProblemException}. */
public final class StrictJson {

    private static final int MAX_REASON_LENGTH = 200;
    private static final int DETECTED_BYTES = 4;

    private StrictJson() {}

    /**
     * Reads one text.
     *
     * @param factory makes the parser, with its limits
     * @param bytes the text, possibly followed by other bytes
     * @param length the length of the text
     * @param reader reads the value that starts at the current token, up to its last token
     */
    public static <T> T read(JsonFactory factory, byte[] bytes, int length, Reader<T> reader) {
        requireUtf8(bytes, length);
        try (JsonParser parser = factory.createParser(bytes, 0, length)) {
            if (parser.nextToken() == null) {
                throw notJson("it is empty");
            }
            T value = reader.read(parser);
            if (parser.nextToken() != null) {
                throw notJson("something follows its end");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw notJson(e.getOriginalMessage() + place(e.getLocation()));
        } catch (IOException e) {
            throw notJson("it is not valid UTF-8");
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The parser would detect UTF-16 or UTF-32 by a zero byte, and accepts overlong UTF-8. */
    private static void requireUtf8(byte[] bytes, int length) {
        for (int i = 0; i < Math.min(DETECTED_BYTES, length); i++) {
            if (bytes[i] == 0 || bytes[i] == (byte) 0xFE || bytes[i] == (byte) 0xFF) {
                throw notJson("it is not UTF-8");
            }
        }
        if (!Utf8.isValid(bytes, length)) {
            throw notJson("it is not valid UTF-8");
        }
    }

    private static ProblemException notJson(String reason) {
        String brief = reason.length() > MAX_REASON_LENGTH ? reason.substring(0, MAX_REASON_LENGTH) + "…" : reason;
        return new ProblemException(ProblemType.NOT_JSON, "The body is not JSON: " + brief);
    }

    /** Reads one value from a parser. */
    @FunctionalInterface
    public interface Reader<T> {

        T read(JsonParser parser) throws IOException;
    }
}
