package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.security.Quotas.QuotaConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuotaConfigTest {

    @Test
    void isOffByDefault() {
        assertThat(QuotaConfig.defaults().on()).isFalse();
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new QuotaConfig(-1, Duration.ofMinutes(1), 1))
                .hasMessage("requests: 0 (no quota) or more, not -1");
        assertThatThrownBy(() -> new QuotaConfig(1, Duration.ofMillis(1500), 1))
                .hasMessage("window: whole seconds, 1 s to 24 h, not PT1.5S");
        assertThatThrownBy(() -> new QuotaConfig(1, Duration.ofMinutes(1), 0))
                .hasMessage("maxClients: 1 to 10000000, not 0");
    }
}
