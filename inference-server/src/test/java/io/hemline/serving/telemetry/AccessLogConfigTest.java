package io.hemline.serving.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.telemetry.AccessLog.AccessLogConfig;
import org.junit.jupiter.api.Test;

class AccessLogConfigTest {

    @Test
    void isOffByDefault() {
        assertThat(AccessLogConfig.defaults().on()).isFalse();
        assertThat(new AccessLogConfig("-", 1).on()).isTrue();
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new AccessLogConfig("-", 0)).hasMessage("maxQueue: 1 to 1000000 lines, not 0");
    }
}
