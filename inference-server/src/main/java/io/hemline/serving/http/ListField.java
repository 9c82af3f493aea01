package io.hemline.serving.http;

import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A header that is a list, and may come in several lines that are one list (RFC 9110, section 5.3). */
public final class ListField {

    private ListField() {}

    /** All lines as one, {@code null} when there is none. */
    public static @Nullable String of(MultiMap headers, CharSequence name) {
        String first = headers.get(name);
        if (first == null) {
            return null;
        }
        List<String> lines = headers.getAll(name);
        return lines.size() == 1 ? first : String.join(", ", lines);
    }
}
