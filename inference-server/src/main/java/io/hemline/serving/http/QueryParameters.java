package io.hemline.serving.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query: each known, given once, not empty, and percent-encoded UTF-8.
 *
 * <p>Immutable.
 */
public final class QueryParameters {

    private final Map<String, @Nullable String> values;

    private QueryParameters(Map<String, @Nullable String> values) {
        this.values = values;
    }

    /** Reads the text after the {@code ?}. An invalid parameter is present without a value. */
    public static QueryParameters read(@Nullable String query, Set<String> known, InvalidFields faults) {
        Map<String, @Nullable String> values = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return new QueryParameters(values);
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (name == null) {
                faults.add(JsonPointer.ROOT, "percent-encoded UTF-8, not " + SafeText.quoted(pair));
                continue;
            }
            String pointer = JsonPointer.member(JsonPointer.ROOT, name);
            if (!known.contains(name)) {
                faults.add(pointer, "unknown parameter; known: " + String.join(", ", new TreeSet<>(known)));
                continue;
            }
            if (values.containsKey(name)) {
                faults.add(pointer, "given once, not again");
                continue;
            }
            if (value == null) {
                faults.add(pointer, "percent-encoded UTF-8, not " + SafeText.quoted(pair.substring(equals + 1)));
            } else if (value.isEmpty()) {
                faults.add(pointer, "a value, not empty");
                value = null;
            }
            values.put(name, value);
        }
        return new QueryParameters(values);
    }

    /** The value, {@code null} when absent or invalid. */
    public @Nullable String get(String name) {
        return values.get(name);
    }

    /** Whether the parameter is present. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    private static @Nullable String decode(String encoded) {
        byte[] bytes = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                boolean complete = i + 2 < encoded.length();
                int high = complete ? Character.digit(encoded.charAt(i + 1), 16) : -1;
                int low = complete ? Character.digit(encoded.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes[length++] = (byte) (high * 16 + low);
                i += 2;
            } else if (c <= ' ' || c > '~') {
                return null;
            } else {
                bytes[length++] = (byte) (c == '+' ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
