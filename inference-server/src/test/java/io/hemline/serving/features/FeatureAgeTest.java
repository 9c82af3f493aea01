package io.hemline.serving.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FeatureAgeTest {

    private static final Instant NOW = Instant.parse("2026-11-23T01:00:00Z");

    @Test
    void theAgeIsCountedFromTheTimeTheyWereMade() {
        assertThat(FeatureAge.seconds("2026-11-23T00:59:58.500Z", NOW)).isEqualTo(1.5);
    }

    @Test
    void nothingKnownHasNoAge() {
        assertThat(FeatureAge.seconds("", NOW)).isNaN();
    }
}
