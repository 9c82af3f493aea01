package io.hemline.serving.http;

import org.jspecify.annotations.Nullable;

/** Reads a short text of a caller's own: an id, a market, a category. */
final class Word {

    static final int MAX_LENGTH = 100;

    private Word() {}

    /** The text, or {@code null} after a fault. */
    static @Nullable String read(String text, String pointer, Faults faults) {
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > MAX_LENGTH) {
            faults.add(pointer, "1 to " + MAX_LENGTH + " characters, not " + length + ": " + Shown.quoted(text));
            return null;
        }
        if (!Shown.isPrintable(text)) {
            faults.add(pointer, "text without control characters, not " + Shown.quoted(text));
            return null;
        }
        return text;
    }
}
