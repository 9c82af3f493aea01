package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FeatureSourceTest {

    private static final Instant NOW = Instant.parse("2026-11-23T01:00:00Z");

    @Test
    void countsTheAgeFromTheTimeOfTheFeatures() {
        assertThat(FeatureSource.ageSeconds("2026-11-23T00:59:58.500Z", NOW)).isEqualTo(1.5);
    }

    @Test
    void hasNoAgeWithoutFeatures() {
        assertThat(FeatureSource.ageSeconds("", NOW)).isNaN();
    }
}
