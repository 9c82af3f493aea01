package io.hemline.serving.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a setting's value: {@code 8080}, {@code true}, {@code 500ms}, {@code 5m}, a path, a constant of an
 * enum.
 */
final class ConfigValue {

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    private ConfigValue() {}

    /** Reads a value; the exception's message is the expected form, to which the caller adds the bad value. */
    static @Nullable Object parse(Class<?> type, String text) {
        String stripped = text.strip();
        if (type == String.class) {
            return stripped;
        }
        if (type == int.class) {
            return number(stripped, "a whole number", Integer::parseInt);
        }
        if (type == long.class) {
            return number(stripped, "a whole number", Long::parseLong);
        }
        if (type == double.class) {
            return number(stripped, "a number", Double::parseDouble);
        }
        if (type == boolean.class) {
            return bool(stripped);
        }
        if (type == Duration.class) {
            return duration(stripped);
        }
        if (type == Path.class) {
            return Path.of(stripped);
        }
        if (type == URI.class) {
            return URI.create(stripped);
        }
        if (type == Secret.class) {
            return Secret.of(stripped);
        }
        if (type.isEnum()) {
            return constant(type, stripped);
        }
        throw new IllegalStateException("no config values of " + type);
    }

    /** Writes a value as {@link #parse} reads it; absent values are empty. */
    static String format(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Duration duration) {
            long millis = duration.toMillis();
            if (millis % 60_000 == 0 && millis > 0) {
                return millis / 60_000 + "m";
            }
            return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
        }
        return value instanceof Enum<?> constant ? name(constant) : value.toString();
    }

    private static Object number(String text, String what, Function<String, Object> parser) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what, e);
        }
    }

    private static boolean bool(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("true or false");
    }

    private static Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a duration such as 500ms, 10s, 5m or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static Object constant(Class<?> type, String text) {
        Enum<?>[] constants = (Enum<?>[]) type.getEnumConstants();
        for (Enum<?> constant : constants) {
            if (name(constant).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "one of " + Arrays.stream(constants).map(ConfigValue::name).collect(Collectors.joining(", ")));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
