package io.hemline.serving.core;

/**
 * Checks that bytes are UTF-8 by RFC 3629: shortest forms only, no surrogates, nothing beyond U+10FFFF. JSON parsers
 * accept some of these, and one text would have several spellings.
 */
public final class Utf8 {

    private static final int CONTINUATION = 0x80;
    private static final int CONTINUATION_MASK = 0xC0;

    private Utf8() {}

    /** Whether the first {@code length} bytes are whole characters. */
    public static boolean isValid(byte[] bytes, int length) {
        int i = 0;
        while (i < length) {
            int lead = bytes[i++];
            if (lead >= 0) {
                continue;
            }
            int further = further(lead & 0xFF);
            if (further == 0 || length - i < further || !isSecond(lead & 0xFF, bytes[i] & 0xFF)) {
                return false;
            }
            for (int end = i + further; i < end; i++) {
                if ((bytes[i] & CONTINUATION_MASK) != CONTINUATION) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many bytes follow the first one of a character; 0 where none begins with it. */
    private static int further(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 1;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 2;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
    }

    /** Four lead bytes restrict the second byte. */
    private static boolean isSecond(int lead, int second) {
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second <= 0x9F;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second <= 0x8F;
            default -> true;
        };
    }
}
