package io.hemline.serving.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.telemetry.Traces.TracesConfig;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class TracesConfigTest {

    @Test
    void isOffByDefault() {
        assertThat(Traces.open(TracesConfig.defaults(), "1", Clock.systemUTC())).isEmpty();
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new TracesConfig("localhost:4318", 1, "hemline", 1))
                .hasMessage("endpoint: empty, or a URL with its path such as http://127.0.0.1:4318/v1/traces, "
                        + "not localhost:4318");
        assertThatThrownBy(() -> new TracesConfig("", 1.5, "hemline", 1)).hasMessage("sample: 0 to 1, not 1.5");
        assertThatThrownBy(() -> new TracesConfig("", 1, "hemline", 0))
                .hasMessage("maxQueue: 1 to 1000000 spans, not 0");
    }
}
