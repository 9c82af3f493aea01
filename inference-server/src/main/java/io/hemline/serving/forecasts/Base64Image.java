package io.hemline.serving.forecasts;

import io.hemline.serving.core.Image;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.SafeText;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads an encoded image out of its base64 text (RFC 4648, section 4: standard alphabet, padded). */
final class Base64Image {

    private Base64Image() {}

    /** The image, or {@code null} after a fault. The decoder checks the bytes. */
    static @Nullable Image read(String text, String pointer, int maxBytes, InvalidFields faults) {
        if (text.isEmpty() || text.length() % 4 != 0) {
            faults.add(
                    pointer,
                    "an image in padded base64, not " + text.length() + " characters: " + SafeText.quoted(text));
            return null;
        }
        long bytes = text.length() / 4 * 3L - padding(text);
        if (bytes > maxBytes) {
            faults.add(pointer, "an image of at most " + maxBytes + " bytes, not " + bytes);
            return null;
        }
        try {
            return new Image(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            faults.add(pointer, "an image in standard base64, not " + SafeText.quoted(text));
            return null;
        }
    }

    private static int padding(String text) {
        if (text.endsWith("==")) {
            return 2;
        }
        return text.endsWith("=") ? 1 : 0;
    }
}
