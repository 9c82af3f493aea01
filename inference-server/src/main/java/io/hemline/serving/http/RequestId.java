package io.hemline.serving.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The name of one request in answers and log lines. */
final class RequestId {

    static final String HEADER = "X-Request-Id";

    private static final int MAX_LENGTH = 128;

    private RequestId() {}

    /** The caller's own id when it is 1 to 128 visible ASCII characters, else a new one. */
    static String of(@Nullable String wished) {
        if (wished == null || wished.isEmpty() || wished.length() > MAX_LENGTH || !isVisibleAscii(wished)) {
            return make();
        }
        return wished;
    }

    /** Whether all characters are ASCII that prints, without blanks. */
    static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String make() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
