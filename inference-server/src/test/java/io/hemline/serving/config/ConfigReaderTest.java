package io.hemline.serving.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {

    private static final House DEFAULTS =
            new House(new Room(8080, Duration.ofMillis(1500), Colour.DARK_RED), new Cellar("wine", true, 0.5));

    @Test
    void keysAreKebabCasePathsOfTheRecords() {
        assertThat(ConfigReader.flatten(DEFAULTS).keySet())
                .containsExactly(
                        "front-room.port",
                        "front-room.max-wait",
                        "front-room.wall",
                        "cellar.what",
                        "cellar.locked",
                        "cellar.share");
    }

    @Test
    void laterLayersWin() {
        var file = new ConfigLayer("file", Map.of("front-room.port", "1", "cellar.what", "tea"));
        var options = ConfigLayer.options(List.of("front-room.port=2"));

        House house = ConfigReader.read(DEFAULTS, List.of(file, options));

        assertThat(house.frontRoom().port()).isEqualTo(2);
        assertThat(house.cellar().what()).isEqualTo("tea");
    }

    @Test
    void everyTypeIsRead() {
        var options = ConfigLayer.options(
                List.of("front-room.max-wait=2s", "front-room.wall=blue", "cellar.locked=false", "cellar.share=0.25"));

        House house = ConfigReader.read(DEFAULTS, List.of(options));

        assertThat(house)
                .isEqualTo(
                        new House(new Room(8080, Duration.ofSeconds(2), Colour.BLUE), new Cellar("wine", false, 0.25)));
    }

    @Test
    void theEnvironmentNamesKeysInUpperCase() {
        var environment = ConfigLayer.environment(
                Map.of(
                        "HEMLINE_FRONT_ROOM_MAX_WAIT",
                        "3m",
                        "HEMLINE_DATA",
                        "/data",
                        "HEMLINE_SIGN_KEY",
                        "k",
                        "PATH",
                        "/bin"),
                ConfigReader.flatten(DEFAULTS).keySet());

        House house = ConfigReader.read(DEFAULTS, List.of(environment));

        assertThat(house.frontRoom().maxWait()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void anUnknownKeyIsNamedWithItsSourceAndItsNeighbour() {
        var options = ConfigLayer.options(List.of("room.port=1"));

        assertThatThrownBy(() -> ConfigReader.read(DEFAULTS, List.of(options)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("room.port: no such setting (from --set); did you mean front-room.port? "
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
        assertThatThrownBy(() -> readWith("front-room.port=eighty"))
                .hasMessage("front-room.port: a whole number, not 'eighty' (from --set)");
        assertThatThrownBy(() -> readWith("front-room.max-wait=5"))
                .hasMessage("front-room.max-wait: a duration such as 500ms, 10s, 5m or 1h, not '5' (from --set)");
        assertThatThrownBy(() -> readWith("front-room.wall=green"))
                .hasMessage("front-room.wall: one of blue, dark-red, not 'green' (from --set)");
        assertThatThrownBy(() -> readWith("front-room.port=70000"))
                .hasMessage("front-room.port: 0 to 65535, not 70000 (from --set)");
        assertThatThrownBy(() -> readWith("front-room.max-wait=0s"))
                .hasMessage("front-room.max-wait: more than nothing, not PT0S (from --set)");
        assertThatThrownBy(() -> readWith("cellar")).hasMessageStartingWith("--set cellar: write it as key=value");
    }

    @Test
    void aFileIsReadAsProperties(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("hemline.properties"), "# a comment\nfront-room.port = 9\n");

        House house = ConfigReader.read(DEFAULTS, List.of(ConfigLayer.file(file)));

        assertThat(house.frontRoom().port()).isEqualTo(9);
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

    private static House readWith(String option) {
        return ConfigReader.read(DEFAULTS, List.of(ConfigLayer.options(List.of(option))));
    }

    private record House(Room frontRoom, Cellar cellar) {}

    private record Room(int port, Duration maxWait, Colour wall) {
        private Room {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port: 0 to 65535, not " + port);
            }
            if (maxWait.isZero()) {
                throw new IllegalArgumentException("maxWait: more than nothing, not " + maxWait);
            }
        }
    }

    private record Cellar(String what, boolean locked, double share) {}

    private enum Colour {
        BLUE,
        DARK_RED
    }
}
