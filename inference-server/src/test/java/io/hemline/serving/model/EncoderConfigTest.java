package io.hemline.serving.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EncoderConfigTest {

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new EncoderConfig(0, 1)).hasMessage("maxQueue: 1 to 100000 images, not 0");
        assertThatThrownBy(() -> new EncoderConfig(1, -1)).hasMessage("cacheBytes: 0 or more bytes, not -1");
    }
}
