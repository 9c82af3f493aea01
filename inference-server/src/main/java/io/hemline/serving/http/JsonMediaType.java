package io.hemline.serving.http;

import org.jspecify.annotations.Nullable;

/** Tells whether a body says that it is JSON in UTF-8 (RFC 9110, section 8.3; RFC 8259, section 8.1). */
final class JsonMediaType {

    private JsonMediaType() {}

    /** Whether a {@code Content-Type} is {@code application/json}; of its parameters only another charset matters. */
    static boolean matches(@Nullable String contentType) {
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
}
