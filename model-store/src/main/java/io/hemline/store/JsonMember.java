package io.hemline.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** A JSON value with its path, read as exactly one type without conversion between text and numbers. Immutable. */
record JsonMember(String path, JsonNode node) {

    private static final Pattern TIMESTAMP = Pattern.compile(
            "(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}" + "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z");

    String text() {
        if (!node.isTextual()) {
            throw wrong("a string");
        }
        return node.textValue();
    }

    int integer() {
        if (!node.isInt()) {
            throw wrong("a whole number of 32 bits");
        }
        return node.intValue();
    }

    long longInteger() {
        if (!node.isInt() && !node.isLong()) {
            throw wrong("a whole number of 64 bits");
        }
        return node.longValue();
    }

    double number() {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong("a finite number");
        }
        return node.doubleValue();
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    /** An existing UTC time in one notation; {@link Instant#parse} also accepts offsets, 24:00 and leap seconds. */
    Instant instant() {
        String text = text();
        try {
            if (TIMESTAMP.matcher(text).matches()) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            throw wrong("a moment that exists in UTC, such as 2026-11-23T07:00:00Z");
        }
        throw wrong("a moment in UTC such as 2026-11-23T07:00:00Z");
    }

    /** The members of an object. */
    Members members() {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return new Members(path, node);
    }

    /** The elements of an array. */
    <T> List<T> list(Function<JsonMember, T> read) {
        if (!node.isArray()) {
            throw wrong("an array");
        }
        List<T> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(read.apply(new JsonMember(path + "[" + elements.size() + "]", element)));
        }
        return elements;
    }

    /** The members of an object with arbitrary names, in their order. */
    <T> Map<String, T> map(Function<JsonMember, T> read) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        Map<String, T> values = new LinkedHashMap<>();
        node.properties().forEach(e -> values.put(e.getKey(), read.apply(Members.member(path, e))));
        return values;
    }

    FormatException wrong(String expected) {
        String text = node.toString();
        String shown = text.length() <= 60 ? text : text.substring(0, 60) + "…";
        return new FormatException("member " + path + " must be " + expected + ", is " + shown);
    }

    /** The members of one JSON object; {@link #end} refuses members that were not read. Confined to one thread. */
    static final class Members {

        private final String path;
        private final JsonNode node;
        private final Set<String> read = new HashSet<>();

        Members(String path, JsonNode node) {
            this.path = path;
            this.node = node;
        }

        static JsonMember member(String path, Map.Entry<String, JsonNode> entry) {
            return new JsonMember(join(path, entry.getKey()), entry.getValue());
        }

        /** The member of that name; throws if it is missing. */
        JsonMember get(String name) {
            read.add(name);
            JsonNode value = node.get(name);
            if (value == null) {
                throw new FormatException("member " + join(path, name) + " is missing");
            }
            return new JsonMember(join(path, name), value);
        }

        /** Refuses members that were not read. */
        void end() {
            node.fieldNames().forEachRemaining(name -> {
                if (!read.contains(name)) {
                    throw new FormatException(
                            "member " + join(path, name) + " is unknown to format version " + Manifest.FORMAT_VERSION);
                }
            });
        }

        private static String join(String path, String name) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }
}
