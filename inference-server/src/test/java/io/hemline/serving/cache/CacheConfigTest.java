package io.hemline.serving.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheConfigTest {

    @Test
    void defaults() {
        assertThat(CacheConfig.defaults()).isEqualTo(new CacheConfig(Duration.ofMinutes(5), 67_108_864));
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new CacheConfig(Duration.ofDays(2), 1)).hasMessage("ttl: 0 to 24 hours, not PT48H");
        assertThatThrownBy(() -> new CacheConfig(Duration.ZERO, -1)).hasMessage("maxBytes: 0 or more, not -1");
    }
}
