package io.hemline.serving.http;

/** The lists of entity tags in {@code If-None-Match} (RFC 9110, sections 8.8.3 and 13.1.2). */
final class EntityTags {

    private EntityTags() {}

    /** Whether the list holds the tag, by the weak comparison, or is {@code *}. */
    static boolean match(String list, String tag) {
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
}
