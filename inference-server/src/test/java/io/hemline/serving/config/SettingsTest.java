package io.hemline.serving.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.ServeCommand;
import io.hemline.serving.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class SettingsTest {

    @Test
    void everyKeyHasAPurposeAndNoOtherIsListed() {
        assertThat(Settings.purposes().stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        ConfigReader.flatten(ServerConfig.defaults()).keySet());
    }

    @Test
    void theHelpListsEveryKeyWithItsDefault() {
        StringWriter out = new StringWriter();
        CommandLine commandLine = ServeCommand.commandLine().setOut(new PrintWriter(out));

        int code = commandLine.execute("--help");

        assertThat(code).isZero();
        ConfigReader.flatten(ServerConfig.defaults())
                .forEach((key, value) -> assertThat(out.toString()).contains(key, ConfigValue.format(value)));
    }

    /** The list documents all defaults, so that a change of a default is visible in a diff. */
    @Test
    void everyDefaultIsAsListed() throws IOException {
        Map<String, String> listed = new LinkedHashMap<>();
        try (InputStream in = requireNonNull(SettingsTest.class.getResourceAsStream("defaults.properties"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("=", 2))
                    .forEach(setting -> listed.put(setting[0], onThisMachine(setting[1])));
        }
        Map<String, String> defaults = new LinkedHashMap<>();
        ConfigReader.flatten(ServerConfig.defaults())
                .forEach((key, value) -> defaults.put(key, ConfigValue.format(value)));

        assertThat(defaults).isEqualTo(listed);
        assertThat(ConfigReader.read(ServerConfig.defaults(), List.of(new ConfigLayer("the list", listed))))
                .isEqualTo(ServerConfig.defaults());
    }

    private static String onThisMachine(String value) {
        long heap = Runtime.getRuntime().maxMemory();
        int processors = Runtime.getRuntime().availableProcessors();
        return value.replaceFirst("^~", System.getProperty("user.home"))
                .replace("<processors/2>", Integer.toString(Math.max(1, processors / 2)))
                .replace("<heap/4>", Long.toString(Math.min(512_000_000, heap / 4)))
                .replace("<heap/32>", Long.toString(Math.max(8_000_000, Math.min(128_000_000, heap / 32))));
    }

    @Test
    void aWrongOptionEndsInOneLineAndCode2() {
        StringWriter err = new StringWriter();
        CommandLine commandLine = ServeCommand.commandLine().setErr(new PrintWriter(err, true));

        int code = commandLine.execute("--frobnicate");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("--frobnicate");
    }

    @Test
    void aPasswordIsReadFromTheEnvironmentAndPrintedNowhere() {
        var environment = new ConfigLayer("environment", Map.of("features.postgres.password", "hush"));

        ServerConfig config = ConfigReader.read(ServerConfig.defaults(), List.of(environment));

        assertThat(Settings.line(config))
                .contains("features.postgres.password=(set)")
                .doesNotContain("hush");
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void aPasswordOnTheCommandLineIsRefusedWithoutRepeatingIt() {
        var options = ConfigLayer.options(List.of("features.postgres.password=hush"));

        assertThatThrownBy(() -> ConfigReader.read(ServerConfig.defaults(), List.of(options)))
                .hasMessageContaining("HEMLINE_FEATURES_POSTGRES_PASSWORD")
                .hasMessageNotContaining("hush");
    }
}
