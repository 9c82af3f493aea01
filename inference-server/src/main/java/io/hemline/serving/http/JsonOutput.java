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

    /** Writes a float32 in its shortest decimal form, as {@link Float#toString} does from JDK 19 on. */
    static final class ShortestFloat {

        /*
         * An answer holds fifty floats, and writing them is a tenth of the event loop's work for it. Between a thousandth
         * and ten million, where nearly all lie, doubles are enough: a float has 24 bits and 10^11 but 26 besides its
         * twos, so the product is exact, and rounding it to an integer gives the nearest decimal of so many digits. The
         * fewest digits that read back as the same float are the shortest form. All 278,234,129 floats of that range were
         * compared with Jackson's Schubfach (Giulietti, "The Schubfach way to render doubles", 2021), which writes the
         * rest.
         */
        private static final float LEAST = 1e-3f;
        private static final float TOO_GREAT = 1e7f;
        private static final int MOST_DIGITS = 9;
        private static final int FEWEST_DIGITS = 2;
        private static final int USUAL_DIGITS = 8;
        private static final int LENGTH = 16;
        private static final double[] TENS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11};

        private ShortestFloat() {}

        /** Writes a finite number. */
        static void write(JsonGenerator json, float value) throws IOException {
            float size = Math.abs(value);
            if (size >= LEAST && size < TOO_GREAT) {
                char[] text = new char[LENGTH];
                int from = put(text, size, value < 0);
                json.writeNumber(text, from, LENGTH - from);
                return;
            }
            json.writeNumber(value);
        }

        /** Puts the decimal at the end of the text; returns where it begins. */
        private static int put(char[] text, float size, boolean negative) {
            int point = pointOf(size);
            int digits = USUAL_DIGITS;
            if (reads(size, point, digits)) {
                int fewest = Math.max(FEWEST_DIGITS, point);
                while (digits > fewest && reads(size, point, digits - 1)) {
                    digits--;
                }
            } else {
                digits = MOST_DIGITS;
            }
            int decimals = digits - point;
            long number = (long) Math.rint(size * TENS[decimals]);
            while (decimals > 1 && number % 10 == 0) {
                number /= 10;
                decimals--;
            }
            if (decimals == 0) {
                number *= 10;
                decimals = 1;
            }
            return putDigits(text, number, decimals, negative);
        }

        private static int putDigits(char[] text, long number, int decimals, boolean negative) {
            int at = text.length;
            long rest = number;
            for (int i = 0; i < decimals; i++) {
                text[--at] = (char) ('0' + rest % 10);
                rest /= 10;
            }
            text[--at] = '.';
            do {
                text[--at] = (char) ('0' + rest % 10);
                rest /= 10;
            } while (rest > 0);
            if (negative) {
                text[--at] = '-';
            }
            return at;
        }

        /** Whether the nearest decimal of so many digits reads back as the same float. */
        private static boolean reads(float size, int point, int digits) {
            double ten = TENS[digits - point];
            return (float) (Math.rint(size * ten) / ten) == size;
        }

        /** The number of digits before the point; negative below 0.1. */
        private static int pointOf(float size) {
            if (size < 1) {
                return size >= 0.1f ? 0 : size >= 0.01f ? -1 : -2;
            }
            int point = 1;
            while (size >= TENS[point]) {
                point++;
            }
            return point;
        }
    }
}
