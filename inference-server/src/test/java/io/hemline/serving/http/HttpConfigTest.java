package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {

    @Test
    void givesBodiesAShareOfTheHeapAndAtLeastOneItsRoom() {
        assertThat(HttpConfig.maxBodies(128_000_000, 8_000_000)).isEqualTo(8_000_000);
        assertThat(HttpConfig.maxBodies(512_000_000, 8_000_000)).isEqualTo(16_000_000);
        assertThat(HttpConfig.maxBodies(16_000_000_000L, 8_000_000)).isEqualTo(128_000_000);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 2", "8, 4", "96, 48"})
    void usesOneEventLoopForEveryTwoProcessors(int processors, int loops) {
        assertThat(HttpConfig.eventLoops(processors)).isEqualTo(loops);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025})
    void refusesAnImpossibleNumberOfEventLoops(int loops) {
        assertThatThrownBy(() -> changed(HttpConfig.defaults(), Map.of("eventLoops", loops)))
                .hasMessage("eventLoops: 1 to 1024, not " + loops);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, 70_000})
    void namesAPortThatDoesNotExist(int port) {
        assertThatThrownBy(() -> new HttpConfig("localhost", port, 1, 1, 1, Duration.ofSeconds(1), ""))
                .hasMessage("port: 0 to 65535, not " + port);
    }

    @Test
    void namesAnOriginThatIsNone() {
        assertThatThrownBy(() -> new HttpConfig("localhost", 0, 1, 1, 1, Duration.ofSeconds(1), "*, shop.example/a"))
                .hasMessageStartingWith("corsOrigins: ")
                .hasMessageEndingWith("not shop.example/a");
    }

    @Test
    void splitsItsOrigins() {
        HttpConfig config = new HttpConfig(
                "localhost", 0, 1, 1, 1, Duration.ofSeconds(1), "https://a.example, http://b.example:81");

        assertThat(config.origins()).containsExactly("https://a.example", "http://b.example:81");
    }
}
