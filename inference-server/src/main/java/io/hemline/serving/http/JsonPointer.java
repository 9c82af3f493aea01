package io.hemline.serving.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** JSON Pointers in the form of URI fragments (RFC 6901, section 6). */
public final class JsonPointer {

    /** The whole request. */
    public static final String ROOT = "#";

    private JsonPointer() {}

    /** The member of an object. Names come from clients, so they are shortened and escaped. */
    public static String member(String parent, String name) {
        if (isPlain(name)) {
            return parent + '/' + name;
        }
        String escaped = SafeText.of(name).replace("~", "~0").replace("/", "~1");
        return parent
                + '/'
                + URLEncoder.encode(escaped, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%7E", "~");
    }

    /** Whether a name needs no escape, as all known names do. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < 'a' || c > 'z') && c != '_') {
                return false;
            }
        }
        return name.length() <= SafeText.MAX_LENGTH;
    }

    /** The element of a list, counted from 0. */
    public static String element(String parent, int index) {
        return parent + '/' + index;
    }
}
