package io.hemline.serving.http;

/** Callers' own words as they may stand in a message: short, and without characters that break a line or a text. */
public final class SafeText {

    static final int MAX_LENGTH = 40;
    private static final char REPLACEMENT = '\uFFFD';

    private SafeText() {}

    /** The first 40 characters, and whether there were more. */
    static String of(CharSequence words) {
        StringBuilder shown = new StringBuilder(Math.min(words.length(), MAX_LENGTH) + 1);
        int index = 0;
        while (index < words.length() && shown.length() < MAX_LENGTH) {
            int point = Character.codePointAt(words, index);
            shown.appendCodePoint(printable(point));
            index += Character.charCount(point);
        }
        if (index < words.length()) {
            shown.append('…');
        }
        return shown.toString();
    }

    /** The same in double quotes. */
    public static String quoted(CharSequence words) {
        return '"' + of(words) + '"';
    }

    /** The whole, with what may not stand in a text replaced. */
    static String clean(String words) {
        if (isPrintable(words)) {
            return words;
        }
        StringBuilder cleaned = new StringBuilder(words.length());
        words.codePoints().map(SafeText::printable).forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }

    /** Whether a code point may stand in a text: neither a control character nor half a surrogate pair. */
    public static boolean isPrintable(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    /** Whether every character may stand in a text. */
    public static boolean isPrintable(String words) {
        int index = 0;
        while (index < words.length()) {
            int point = words.codePointAt(index);
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
