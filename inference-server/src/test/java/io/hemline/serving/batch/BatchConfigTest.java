package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchConfigTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaultsToAPositiveNumberOfThreads() {
        assertThat(BatchConfig.defaults().maxThreads()).isPositive();
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new BatchConfig(0, 1, 1, SECOND, SECOND)).hasMessage("maxSize: 1 to 1024 rows, not 0");
        assertThatThrownBy(() -> new BatchConfig(8, -1, 1, SECOND, SECOND))
                .hasMessage("threads: 0 (chosen by calibration) to 256, not -1");
        assertThatThrownBy(() -> new BatchConfig(8, 1, 0, SECOND, SECOND))
                .hasMessage("maxQueue: 1 to 1000000 rows, not 0");
        assertThatThrownBy(() -> new BatchConfig(8, 1, 1, Duration.ZERO, SECOND))
                .hasMessage("maxWait: 1 ms to 1 h, not PT0S");
        assertThatThrownBy(() -> new BatchConfig(8, 1, 1, SECOND, Duration.ZERO))
                .hasMessage("calibration: 1 ms to 1 m, not PT0S");
    }
}
