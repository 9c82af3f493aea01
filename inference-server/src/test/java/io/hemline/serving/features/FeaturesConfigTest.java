package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FeaturesConfigTest {

    @Test
    void defaults() {
        assertThat(FeaturesConfig.defaults())
                .isEqualTo(new FeaturesConfig(
                        FeaturesConfig.Source.SNAPSHOT,
                        Path.of("model-store/demo/features.jsonl.gz"),
                        PostgresConfig.defaults()));
    }
}
