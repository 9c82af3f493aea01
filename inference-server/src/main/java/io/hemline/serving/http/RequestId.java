package io.hemline.serving.http;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id of a request in responses and log lines. */
public final class RequestId {

    static final String HEADER = "X-Request-Id";

    private static final int MAX_LENGTH = 128;
    private static final int LONG_DIGITS = 16;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private RequestId() {}

    /** The client's id when it is 1 to 128 visible ASCII characters, else a new one. */
    static CharSequence of(@Nullable String desired) {
        if (desired == null || desired.isEmpty() || desired.length() > MAX_LENGTH || !isVisibleAscii(desired)) {
            return make();
        }
        return desired;
    }

    /** Whether all characters are ASCII that prints, without blanks. */
    public static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static CharSequence make() {
        byte[] digits = new byte[2 * LONG_DIGITS];
        ThreadLocalRandom random = ThreadLocalRandom.current();
        writeHex(random.nextLong(), digits, 0);
        writeHex(random.nextLong(), digits, LONG_DIGITS);
        return new AsciiString(digits, false);
    }

    private static void writeHex(long number, byte[] digits, int from) {
        for (int i = 0; i < LONG_DIGITS; i++) {
            digits[from + i] = HEX[(int) (number >>> (4 * i)) & 0xF];
        }
    }
}
