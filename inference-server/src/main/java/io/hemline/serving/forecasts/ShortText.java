package io.hemline.serving.forecasts;

import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.SafeText;
import org.jspecify.annotations.Nullable;

/** Reads a short text of the client: an id, a market, a category. */
public final class ShortText {

    public static final int MAX_LENGTH = 100;

    private ShortText() {}

    /** The text, or {@code null} after a fault. */
    static @Nullable String read(String text, String pointer, InvalidFields faults) {
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > MAX_LENGTH) {
            faults.add(pointer, "1 to " + MAX_LENGTH + " characters, not " + length + ": " + SafeText.quoted(text));
            return null;
        }
        if (!SafeText.isPrintable(text)) {
            faults.add(pointer, "text without control characters, not " + SafeText.quoted(text));
            return null;
        }
        return text;
    }
}
