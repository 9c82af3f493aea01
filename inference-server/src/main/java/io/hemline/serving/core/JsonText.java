package io.hemline.serving.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a JSON text strictly (RFC 8259): valid UTF-8, exactly one value, and nothing after its end. */
public final class JsonText {

    private static final int MAX_REASON_LENGTH = 200;
    private static final int DETECTED_BYTES = 4;

    private JsonText() {}

    /**
     * Reads one text.
     *
     * @param factory makes the parser, with its limits
     * @param bytes the text, possibly followed by other bytes
     * @param length the length of the text
     * @param reader reads the value that starts at the current token, up to its last token
     */
    public static <T> T read(JsonFactory factory, byte[] bytes, int length, Reader<T> reader) throws NotJson {
        requireUtf8(bytes, length);
        try (JsonParser parser = factory.createParser(bytes, 0, length)) {
            if (parser.nextToken() == null) {
                throw new NotJson("it is empty");
            }
            T value = reader.read(parser);
            if (parser.nextToken() != null) {
                throw new NotJson("something follows its end");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new NotJson(e.getOriginalMessage() + place(e.getLocation()));
        } catch (NotJson e) {
            throw e;
        } catch (IOException e) {
            throw new NotJson("it is not valid UTF-8");
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The parser would detect UTF-16 or UTF-32 by a zero byte, and accepts overlong UTF-8. */
    private static void requireUtf8(byte[] bytes, int length) throws NotJson {
        for (int i = 0; i < Math.min(DETECTED_BYTES, length); i++) {
            if (bytes[i] == 0 || bytes[i] == (byte) 0xFE || bytes[i] == (byte) 0xFF) {
                throw new NotJson("it is not UTF-8");
            }
        }
        if (!Utf8.isValid(bytes, length)) {
            throw new NotJson("it is not valid UTF-8");
        }
    }

    /** Reads one value from a parser. */
    @FunctionalInterface
    public interface Reader<T> {

        T read(JsonParser parser) throws IOException;
    }

    /** The text is not JSON; the message is the reason, such as {@code it is empty}. */
    public static final class NotJson extends IOException {

        private static final long serialVersionUID = 1L;

        NotJson(String reason) {
            super(reason.length() > MAX_REASON_LENGTH ? reason.substring(0, MAX_REASON_LENGTH) + "…" : reason);
        }
    }
}
