package io.hemline.serving.forecasts;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A posted request.
 *
 * <p>Immutable.
 *
 * @param parsed its questions
 * @param key the cache key of its spelling, absent when it is too long to be kept
 */
record PostedRequest(ParsedRequest parsed, @Nullable String key) {

    /** Longer bodies hold images or many series, which are seldom sent twice in the same spelling. */
    private static final int MAX_BODY = 3072;

    /** A key that no target of a {@code GET} has; {@code null} for a long body. */
    static @Nullable String key(String target, byte[] body) {
        if (body.length > MAX_BODY) {
            return null;
        }
        return "POST " + target + " " + new String(body, StandardCharsets.ISO_8859_1);
    }
}
