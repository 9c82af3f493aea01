package io.hemline.serving.cache;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.cache.VersionCaches.CacheConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheConfigTest {

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new CacheConfig(Duration.ofDays(2), 1, 0)).hasMessage("ttl: 0 to 24 hours, not PT48H");
        assertThatThrownBy(() -> new CacheConfig(Duration.ZERO, -1, 0)).hasMessage("maxBytes: 0 or more, not -1");
        assertThatThrownBy(() -> new CacheConfig(Duration.ZERO, 1, -1)).hasMessage("prefill: 0 to 100000, not -1");
    }
}
