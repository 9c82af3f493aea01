package io.hemline.serving.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.Channel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreConfigTest {

    @Test
    void defaults() {
        assertThat(StoreConfig.defaults())
                .isEqualTo(new StoreConfig("model-store/demo/store", "trend", Channel.STABLE, Duration.ofSeconds(1)));
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new StoreConfig("s", "trend", Channel.STABLE, Duration.ZERO))
                .hasMessage("poll: 10 ms to 1 h, not PT0S");
        assertThatThrownBy(() -> new StoreConfig(" ", "trend", Channel.STABLE, Duration.ofSeconds(1)))
                .hasMessage("url: the folder of a store, not blank");
    }
}
