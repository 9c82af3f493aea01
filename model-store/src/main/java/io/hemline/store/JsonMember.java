package io.hemline.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A value of a manifest with its path, read as exactly one type: a number is never a text, nor the reverse. Immutable.
 */
record JsonMember(String path, JsonNode node) {

    private static final Pattern MOMENT = Pattern.compile(
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

    /**
     * A moment that exists, written in one way only: Java's own reader takes offsets, 24:00 and leap seconds as well.
     */
    Instant instant() {
        String text = text();
        try {
            if (MOMENT.matcher(text).matches()) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            throw wrong("a moment that exists in UTC, such as 2026-11-23T07:00:00Z");
        }
        throw wrong("a moment in UTC such as 2026-11-23T07:00:00Z");
    }

    /** The members of an object, to be taken one by one. */
    JsonMembers members() {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return new JsonMembers(path, node);
    }

    /** The elements of an array, each read alike. */
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

    /** The members of an object whose names are free, each value read alike, in their order. */
    <T> Map<String, T> map(Function<JsonMember, T> read) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        Map<String, T> values = new LinkedHashMap<>();
        node.properties().forEach(e -> values.put(e.getKey(), read.apply(JsonMembers.member(path, e))));
        return values;
    }

    FormatException wrong(String expected) {
        String text = node.toString();
        String shown = text.length() <= 60 ? text : text.substring(0, 60) + "…";
        return new FormatException("member " + path + " must be " + expected + ", is " + shown);
    }
}
