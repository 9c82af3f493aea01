package io.hemline.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON as UTF-8 bytes; equal content gives equal bytes. */
public final class JsonOutput {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private JsonOutput() {}

    /** The bytes of a content. */
    public static byte[] write(Content content) {
        ByteArrayBuilder bytes = new ByteArrayBuilder(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory do not fail", e);
        }
        return bytes.toByteArray();
    }

    /** A float32 in its shortest decimal form: never {@code -0.0}, and {@code null} for a value that is not finite. */
    public static void writeFloat(JsonGenerator json, double value) throws IOException {
        float narrow = (float) value;
        if (!Float.isFinite(narrow)) {
            json.writeNull();
            return;
        }
        ShortestFloat.write(json, narrow + 0.0f);
    }

    /** A content that can be written as JSON. */
    @FunctionalInterface
    public interface Content {

        void writeTo(JsonGenerator json) throws IOException;
    }
}
