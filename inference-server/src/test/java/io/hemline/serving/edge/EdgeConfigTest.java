package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.edge.Edge.EdgeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeConfigTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void isOffByDefault() {
        assertThat(EdgeConfig.defaults().on()).isFalse();
    }

    @Test
    void isOnWithAUrlAndASecret() {
        EdgeConfig config = new EdgeConfig(URI.create("https://api.example.com/__purge"), Path.of("secret"), TIMEOUT);

        assertThat(config.on()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://edge/__purge", "https://edge", "https://edge/", "https://me:hush@edge/__purge", "/__purge"
            })
    void namesAnInvalidUrl(String url) {
        assertThatThrownBy(() -> new EdgeConfig(URI.create(url), Path.of("secret"), TIMEOUT))
                .hasMessage("purgeUrl: such as https://api.example.com/__purge, not " + url);
    }

    @Test
    void refusesAUrlWithoutASecret() {
        assertThatThrownBy(() -> new EdgeConfig(URI.create("https://edge/__purge"), Path.of(""), TIMEOUT))
                .hasMessageContaining("purgeSecretFile: ")
                .hasMessageContaining("PURGE_SECRET");
    }

    @Test
    void namesTheLimitsOfTheTimeout() {
        assertThatThrownBy(() -> new EdgeConfig(URI.create(""), Path.of(""), Duration.ofMinutes(2)))
                .hasMessage("purgeTimeout: 10 milliseconds to 1 minute, not PT2M");
    }
}
