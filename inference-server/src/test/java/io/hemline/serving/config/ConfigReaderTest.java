package io.hemline.serving.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.config.Settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {

    private static final Sample DEFAULTS =
            new Sample(new Listener(8080, Duration.ofMillis(1500), Colour.DARK_RED), new Storage("wine", true, 0.5));

    @Test
    void keysAreKebabCasePathsOfTheRecords() {
        assertThat(ConfigReader.flatten(DEFAULTS).keySet())
                .containsExactly(
                        "public-listener.port",
                        "public-listener.max-wait",
                        "public-listener.colour",
                        "storage.name",
                        "storage.locked",
                        "storage.share");
    }

    @Test
    void laterLayersWin() {
        var file = new ConfigLayer("file", Map.of("public-listener.port", "1", "storage.name", "tea"));
        var options = ConfigLayer.options(List.of("public-listener.port=2"));

        Sample sample = ConfigReader.read(DEFAULTS, List.of(file, options));

        assertThat(sample.publicListener().port()).isEqualTo(2);
        assertThat(sample.storage().name()).isEqualTo("tea");
    }

    @Test
    void everyTypeIsRead() {
        var options = ConfigLayer.options(List.of(
                "public-listener.max-wait=2s",
                "public-listener.colour=blue",
                "storage.locked=false",
                "storage.share=0.25"));

        Sample sample = ConfigReader.read(DEFAULTS, List.of(options));

        assertThat(sample)
                .isEqualTo(new Sample(
                        new Listener(8080, Duration.ofSeconds(2), Colour.BLUE), new Storage("wine", false, 0.25)));
    }

    @Test
    void theEnvironmentNamesKeysInUpperCase() {
        var environment = ConfigLayer.environment(
                Map.of(
                        "HEMLINE_PUBLIC_LISTENER_MAX_WAIT",
                        "3m",
                        "HEMLINE_DATA",
                        "/data",
                        "HEMLINE_SIGN_KEY",
                        "k",
                        "PATH",
                        "/bin"),
                ConfigReader.flatten(DEFAULTS).keySet());

        Sample sample = ConfigReader.read(DEFAULTS, List.of(environment));

        assertThat(sample.publicListener().maxWait()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void anUnknownKeyIsNamedWithItsSourceAndItsNeighbour() {
        var options = ConfigLayer.options(List.of("listener.port=1"));

        assertThatThrownBy(() -> ConfigReader.read(DEFAULTS, List.of(options)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("listener.port: no such setting (from --set); did you mean public-listener.port? "
                        + "./hemline serve --help lists them all");
    }

    @Test
    void anUnknownVariableIsNamed() {
        var environment = ConfigLayer.environment(Map.of("HEMLINE_PROT", "1"), List.of("http.port"));

        assertThatThrownBy(() -> ConfigReader.read(DEFAULTS, List.of(environment)))
                .hasMessageStartingWith("HEMLINE_PROT: no such setting (from environment)");
    }

    @Test
    void aBadValueIsNamedWithTheRule() {
        assertThatThrownBy(() -> readWith("public-listener.port=eighty"))
                .hasMessage("public-listener.port: a whole number, not 'eighty' (from --set)");
        assertThatThrownBy(() -> readWith("public-listener.max-wait=5"))
                .hasMessage("public-listener.max-wait: a duration such as 500ms, 10s, 5m or 1h, not '5' (from --set)");
        assertThatThrownBy(() -> readWith("public-listener.colour=green"))
                .hasMessage("public-listener.colour: one of blue, dark-red, not 'green' (from --set)");
        assertThatThrownBy(() -> readWith("public-listener.port=70000"))
                .hasMessage("public-listener.port: 0 to 65535, not 70000 (from --set)");
        assertThatThrownBy(() -> readWith("public-listener.max-wait=0s"))
                .hasMessage("public-listener.max-wait: more than nothing, not PT0S (from --set)");
        assertThatThrownBy(() -> readWith("storage")).hasMessageStartingWith("--set storage: write it as key=value");
    }

    @Test
    void aFileIsReadAsProperties(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("hemline.properties"), "# a comment\npublic-listener.port = 9\n");

        Sample sample = ConfigReader.read(DEFAULTS, List.of(ConfigLayer.file(file)));

        assertThat(sample.publicListener().port()).isEqualTo(9);
        assertThatThrownBy(() -> ConfigLayer.file(folder.resolve("none"))).hasMessageEndingWith("none: no such file");
    }

    @Test
    void valuesAreWrittenAsTheyAreRead() {
        assertThat(ConfigValue.format(Duration.ofMillis(1500))).isEqualTo("1500ms");
        assertThat(ConfigValue.format(Duration.ofSeconds(2))).isEqualTo("2s");
        assertThat(ConfigValue.format(Duration.ofMinutes(5))).isEqualTo("5m");
        assertThat(ConfigValue.format(Colour.DARK_RED)).isEqualTo("dark-red");
        assertThat(ConfigValue.format(null)).isEmpty();
    }

    private static Sample readWith(String option) {
        return ConfigReader.read(DEFAULTS, List.of(ConfigLayer.options(List.of(option))));
    }

    private record Sample(Listener publicListener, Storage storage) {}

    private record Listener(int port, Duration maxWait, Colour colour) {
        private Listener {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port: 0 to 65535, not " + port);
            }
            if (maxWait.isZero()) {
                throw new IllegalArgumentException("maxWait: more than nothing, not " + maxWait);
            }
        }
    }

    private record Storage(String name, boolean locked, double share) {}

    private enum Colour {
        BLUE,
        DARK_RED
    }
}
