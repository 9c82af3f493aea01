package io.hemline.serving.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import org.junit.jupiter.api.Test;

class EncoderConfigTest {

    @Test
    void limitsDecodedImagesToAQuarterOfTheHeap() {
        assertThat(EncoderConfig.maxDecoded(256_000_000)).isEqualTo(64_000_000);
        assertThat(EncoderConfig.maxDecoded(512_000_000)).isEqualTo(128_000_000);
        assertThat(EncoderConfig.maxDecoded(64_000_000_000L)).isEqualTo(512_000_000);
    }

    @Test
    void namesTheValueAndTheLimit() {
        assertThatThrownBy(() -> new EncoderConfig(0, 1, 1_000_000, 1))
                .hasMessage("maxQueue: 1 to 100000 images, not 0");
        assertThatThrownBy(() -> new EncoderConfig(1, 1, 999_999, 1))
                .hasMessage("maxDecoded: 1000000 to 1000000000000 bytes, not 999999");
        assertThatThrownBy(() -> new EncoderConfig(1, 1, 1_000_000, -1))
                .hasMessage("cacheBytes: 0 or more bytes, not -1");
    }
}
