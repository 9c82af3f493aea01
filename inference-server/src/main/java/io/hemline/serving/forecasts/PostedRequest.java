package io.hemline.serving.forecasts;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A posted question.
 *
 * <p>Immutable.
 *
 * @param asked what it asks
 * @param name how it was spelt, absent when it is too long to be remembered
 */
record PostedRequest(ParsedRequest asked, @Nullable String name) {

    /** Longer bodies hold images or many series, which hardly anybody asks twice in the same spelling. */
    private static final int MAX_BODY = 3072;

    /** A name that no target of a {@code GET} has; {@code null} for a long body. */
    static @Nullable String name(String target, byte[] body) {
        if (body.length > MAX_BODY) {
            return null;
        }
        return "POST " + target + " " + new String(body, StandardCharsets.ISO_8859_1);
    }
}
