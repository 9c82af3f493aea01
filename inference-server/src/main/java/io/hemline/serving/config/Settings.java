package io.hemline.serving.config;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings as text: the table in the help, the line in the start log. */
public final class Settings {

    private Settings() {}

    /** Every key of a configuration with its value and its purpose. */
    public static String table(Record config) {
        Map<String, @Nullable Object> defaults = ConfigReader.flatten(config);
        Properties purposes = purposes();
        int keyWidth = width(defaults.keySet());
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%nSettings and their defaults:%n"));
        defaults.forEach((key, value) -> {
            String shown = ConfigValue.format(value);
            table.append(String.format(Locale.ROOT, "  %-" + keyWidth + "s  %s%n", key, purposes.getProperty(key, "")));
            table.append(String.format(Locale.ROOT, "  %-" + keyWidth + "s  [%s]%n", "", shown));
        });
        return table.toString();
    }

    /** All settings on one line. */
    public static String line(Record config) {
        return ConfigReader.flatten(config).entrySet().stream()
                .map(setting -> setting.getKey() + "=" + ConfigValue.format(setting.getValue()))
                .collect(Collectors.joining(" "));
    }

    /** The purpose of each key. */
    static Properties purposes() {
        Properties purposes = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(Settings.class.getResourceAsStream("settings.properties")),
                StandardCharsets.UTF_8)) {
            purposes.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return purposes;
    }

    private static int width(Iterable<String> texts) {
        int width = 0;
        for (String text : texts) {
            width = Math.max(width, text.length());
        }
        return width;
    }

    /** The configuration is invalid. The message is one line that names the key, the value and the rule. */
    public static final class ConfigException extends RuntimeException {

        private static final long serialVersionUID = 1;

        public ConfigException(String message) {
            super(message, null, false, false);
        }
    }
}
