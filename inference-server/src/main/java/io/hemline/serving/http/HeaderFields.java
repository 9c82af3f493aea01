package io.hemline.serving.http;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the values of request header fields. */
public final class HeaderFields {

    static final String TIMEOUT = "X-Request-Timeout-Ms";

    private static final int MAX_TIMEOUT_DIGITS = 9;

    private HeaderFields() {}

    /** A field that is a list, all its lines as one (RFC 9110, section 5.3); {@code null} when it is absent. */
    public static @Nullable String list(MultiMap headers, CharSequence name) {
        String first = headers.get(name);
        if (first == null) {
            return null;
        }
        List<String> lines = headers.getAll(name);
        return lines.size() == 1 ? first : String.join(", ", lines);
    }

    /**
     * Whether a value of {@code If-None-Match} is {@code *} or holds the tag by the weak comparison (RFC 9110,
     * sections 8.8.3 and 13.1.2).
     */
    static boolean matchesTag(String list, String tag) {
        if (list.strip().equals("*")) {
            return true;
        }
        int start = list.indexOf('"');
        while (start >= 0) {
            int end = list.indexOf('"', start + 1);
            if (end < 0) {
                return false;
            }
            if (end - start + 1 == tag.length() && list.startsWith(tag, start)) {
                return true;
            }
            start = list.indexOf('"', end + 1);
        }
        return false;
    }

    /**
     * Whether a {@code Content-Type} is {@code application/json} in UTF-8 (RFC 9110, section 8.3; RFC 8259, section
     * 8.1). Of its parameters only another charset matters.
     */
    static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        if (contentType.equals(Representation.JSON)) {
            return true;
        }
        String[] parts = contentType.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(Representation.JSON)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            if (isOtherCharset(parts[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOtherCharset(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0 || !parameter.substring(0, equals).strip().equalsIgnoreCase("charset")) {
            return false;
        }
        String charset = parameter.substring(equals + 1).strip().replace("\"", "");
        return !charset.equalsIgnoreCase("utf-8");
    }

    /**
     * The nanoseconds of a value of {@code X-Request-Timeout-Ms}; one millisecond where it is invalid.
     *
     * @param invalid receives the fault of an invalid value
     */
    static long timeoutNanos(String millis, Consumer<String> invalid) {
        boolean digits = !millis.isEmpty()
                && millis.length() <= MAX_TIMEOUT_DIGITS
                && millis.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(millis) == 0) {
            invalid.accept(
                    TIMEOUT + ": a whole number of milliseconds, 1 to 999999999, not " + SafeText.quoted(millis));
            return TimeUnit.MILLISECONDS.toNanos(1);
        }
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }
}
