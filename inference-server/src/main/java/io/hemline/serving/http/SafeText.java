package io.hemline.serving.http;

/** Texts of clients, made safe for messages and logs: short, and without characters that break a line. */
public final class SafeText {

    static final int MAX_LENGTH = 40;
    private static final char REPLACEMENT = '\uFFFD';

    private SafeText() {}

    /** The first 40 characters, and an ellipsis when there are more. */
    static String of(CharSequence text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_LENGTH) + 1);
        int index = 0;
        while (index < text.length() && shown.length() < MAX_LENGTH) {
            int point = Character.codePointAt(text, index);
            shown.appendCodePoint(printable(point));
            index += Character.charCount(point);
        }
        if (index < text.length()) {
            shown.append('…');
        }
        return shown.toString();
    }

    /** The same in double quotes. */
    public static String quoted(CharSequence text) {
        return '"' + of(text) + '"';
    }

    /** The whole text, with unprintable characters replaced. */
    static String clean(String text) {
        if (isPrintable(text)) {
            return text;
        }
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints().map(SafeText::printable).forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }

    /** Whether a code point is neither a control character nor half a surrogate pair. */
    public static boolean isPrintable(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    /** Whether every character is printable. */
    public static boolean isPrintable(String text) {
        int index = 0;
        while (index < text.length()) {
            int point = text.codePointAt(index);
            if (!isPrintable(point)) {
                return false;
            }
            index += Character.charCount(point);
        }
        return true;
    }

    private static int printable(int point) {
        return isPrintable(point) ? point : REPLACEMENT;
    }
}
