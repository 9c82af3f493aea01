package io.hemline.serving.config;

import io.hemline.serving.config.Settings.ConfigException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * One source of settings, such as a file or the environment.
 *
 * <p>Immutable.
 *
 * @param source its name in error messages
 * @param values by kebab-case path, such as {@code http.port}
 */
public record ConfigLayer(String source, Map<String, String> values) {

    /** Variables with the prefix that the launcher, the trainer, the scripts and the tests read. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "HEMLINE_API_KEY",
            "HEMLINE_DATA",
            "HEMLINE_JAVA_OPTS",
            "HEMLINE_LONG",
            "HEMLINE_SIGN_KEY",
            "HEMLINE_SMOKE",
            "HEMLINE_TUNE_STORAGE");

    /** The source name of command-line options. */
    static final String OPTIONS = "--set";

    private static final String PREFIX = "HEMLINE_";

    public ConfigLayer {
        values = Map.copyOf(values);
    }

    /** A file of {@code key=value} lines ({@link Properties} syntax, UTF-8). */
    public static ConfigLayer file(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ConfigException("--config " + file + ": no such file");
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("--config " + file + ": cannot be read: " + e.getMessage());
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return new ConfigLayer(file.toString(), values);
    }

    /** The environment: {@code http.port} is {@code HEMLINE_HTTP_PORT}. */
    public static ConfigLayer environment(Map<String, String> environment, Collection<String> keys) {
        Map<String, String> known = new TreeMap<>();
        keys.forEach(key -> known.put(variable(key), key));
        Map<String, String> values = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !NOT_SETTINGS.contains(name)) {
                values.put(known.getOrDefault(name, name), value);
            }
        });
        return new ConfigLayer("environment", values);
    }

    /** Options of the form {@code key=value}. */
    public static ConfigLayer options(List<String> options) {
        Map<String, String> values = new TreeMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("--set " + option + ": write it as key=value, such as --set http.port=8090");
            }
            values.put(option.substring(0, equals).strip(), option.substring(equals + 1));
        }
        return new ConfigLayer(OPTIONS, values);
    }

    /** The environment variable of a key. */
    static String variable(String key) {
        return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
