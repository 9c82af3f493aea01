package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchema;
import io.hemline.store.testing.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureSchemaTest {

    private final JsonSchema schema = Fixtures.schema("feature-schema.json");

    @Test
    void acceptsATrendWithEverythingAndOneWithTheLeast() throws Exception {
        assertThat(schema.validate(Fixtures.JSON.readTree("""
                        {"trend": "wideleg", "market": "vn", "gender": "female", "category": null,
                         "first_seen": "2022-01-03", "last_week": "2026-11-16", "features_as_of": "2026-11-23T00:00:00Z",
                         "volume": [12.5, null], "influencer_share": [0.2, null], "sentiment": [-0.5, 1], "engagement": null,
                         "image_embedding": [0.1, -0.2], "encoder_digest": "%s"}""".formatted("0a".repeat(32)))))
                .isEmpty();
        assertThat(schema.validate(Fixtures.JSON.readTree(
                        "{\"trend\": \"a\", \"market\": \"us\", \"last_week\": \"2026-11-16\", \"volume\": [1]}")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"market\": \"us\", \"last_week\": \"2026-11-16\", \"volume\": [1]}",
                "{\"trend\": \"#a\", \"market\": \"us\", \"last_week\": \"2026-11-16\", \"volume\": [1]}",
                "{\"trend\": \"a\", \"market\": \"us\", \"last_week\": \"16 November\", \"volume\": [1]}",
                "{\"trend\": \"a\", \"market\": \"us\", \"last_week\": \"2026-11-16\", \"volume\": [\"1\"]}",
                "{\"trend\": \"a\", \"market\": \"us\", \"last_week\": \"2026-11-16\", \"volume\": [1], \"sentiment\": [2]}",
                "{\"trend\": \"a\", \"market\": \"us\", \"last_week\": \"2026-11-16\", \"volume\": [1], \"colour\": 1}"
            })
    void refusesWhatIsNoTrend(String line) throws Exception {
        assertThat(schema.validate(Fixtures.JSON.readTree(line))).isNotEmpty();
    }
}
