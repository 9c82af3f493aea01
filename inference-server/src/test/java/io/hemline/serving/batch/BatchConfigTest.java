package io.hemline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchConfigTest {

    @Test
    void defaults() {
        assertThat(BatchConfig.defaults()).isEqualTo(new BatchConfig(8, 0, 1024));
        assertThat(BatchConfig.defaults().workers()).isPositive();
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new BatchConfig(0, 1, 1)).hasMessage("maxSize: 1 to 1024 rows, not 0");
        assertThatThrownBy(() -> new BatchConfig(8, -1, 1))
                .hasMessage("threads: 0 (one for each processor) to 256, not -1");
        assertThatThrownBy(() -> new BatchConfig(8, 1, 0)).hasMessage("maxQueue: 1 to 1000000 rows, not 0");
    }
}
