package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.WarmUp.WarmUpConfig;
import io.hemline.serving.config.ConfigReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpConfigTest {

    @Test
    void everyKeyIsMapped() {
        assertThat(ConfigReader.flatten(ServerConfig.defaults())).containsKeys("warm-up.budget");
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new WarmUpConfig(Duration.ofMinutes(2))).hasMessage("budget: 0 to 1 m, not PT2M");
    }
}
