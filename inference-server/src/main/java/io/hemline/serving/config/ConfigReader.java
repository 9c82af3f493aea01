package io.hemline.serving.config;

import io.hemline.serving.config.Settings.ConfigException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps a tree of config records to kebab-case keys and back: component {@code maxSize} of component {@code batch} is
 * {@code batch.max-size}. Each record's constructor checks its values.
 */
public final class ConfigReader {

    private ConfigReader() {}

    /** The defaults, overridden by the layers; a later layer wins. Unknown keys and bad values throw. */
    public static <C extends Record> C read(C defaults, List<ConfigLayer> layers) {
        Map<String, @Nullable Object> known = flatten(defaults);
        Map<String, Found> found = new LinkedHashMap<>();
        for (ConfigLayer layer : layers) {
            layer.values().forEach((key, value) -> {
                if (!known.containsKey(key)) {
                    throw new ConfigException(key + ": no such setting (from " + layer.source() + "); "
                            + nearest(key, known) + "./hemline serve --help lists them all");
                }
                if (known.get(key) instanceof Secret && layer.source().equals(ConfigLayer.OPTIONS)) {
                    throw new ConfigException(
                            key + ": a command line is seen by everyone on this machine; write it into"
                                    + " the --config file or into " + ConfigLayer.variable(key));
                }
                found.put(key, new Found(value, layer.source()));
            });
        }
        return rebuild("", defaults, found);
    }

    /** Every key with its value, in the order of the records' components. */
    public static Map<String, @Nullable Object> flatten(Record config) {
        Map<String, @Nullable Object> flat = new LinkedHashMap<>();
        flatten("", config, flat);
        return flat;
    }

    private static void flatten(String path, Record config, Map<String, @Nullable Object> into) {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            String key = path + kebab(component.getName());
            Object value = value(component, config);
            if (value instanceof Record nested) {
                flatten(key + ".", nested, into);
            } else {
                into.put(key, value);
            }
        }
    }

    private static <C extends Record> C rebuild(String path, C defaults, Map<String, Found> found) {
        RecordComponent[] components = defaults.getClass().getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = path + kebab(components[i].getName());
            Object value = value(components[i], defaults);
            Found override = found.get(key);
            if (value instanceof Record nested) {
                values[i] = rebuild(key + ".", nested, found);
            } else if (override == null) {
                values[i] = value;
            } else {
                values[i] = parse(key, components[i].getType(), override);
            }
        }
        return construct(path, defaults, components, values, found);
    }

    private static @Nullable Object parse(String key, Class<?> type, Found override) {
        try {
            return ConfigValue.parse(type, override.value());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    key + ": " + e.getMessage() + ", not '" + override.value() + "' (from " + override.source() + ")");
        }
    }

    @SuppressWarnings("unchecked") // a record's canonical constructor makes its own type
    private static <C extends Record> C construct(
            String path,
            C defaults,
            RecordComponent[] components,
            @Nullable Object[] values,
            Map<String, Found> found) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            var constructor = defaults.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (C) constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw new ConfigException(
                    path + rule(String.valueOf((cause == null ? e : cause).getMessage())) + sources(path, found));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("config record " + defaults.getClass(), e);
        }
    }

    /** The message of a record's constructor, with its component's name turned into the key. */
    private static String rule(String message) {
        int colon = message.indexOf(':');
        return colon < 0 ? message : kebab(message.substring(0, colon)) + message.substring(colon);
    }

    private static String sources(String path, Map<String, Found> found) {
        List<String> sources = found.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path))
                .map(entry -> entry.getValue().source())
                .distinct()
                .toList();
        return sources.isEmpty() ? "" : " (from " + String.join(", ", sources) + ")";
    }

    private static @Nullable Object value(RecordComponent component, Record config) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("config record " + config.getClass(), e);
        }
    }

    private static String nearest(String key, Map<String, @Nullable Object> known) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        return known.keySet().stream()
                .filter(candidate -> candidate.endsWith("." + last)
                        || candidate.replaceAll("[.-]", "").equals(key.replaceAll("[._-]", "")))
                .findFirst()
                .map(candidate -> "did you mean " + candidate + "? ")
                .orElse("");
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private record Found(String value, String source) {}
}
