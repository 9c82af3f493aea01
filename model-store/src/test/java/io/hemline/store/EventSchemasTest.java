package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import io.hemline.store.testing.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid events of every topic against the topic's schema. */
class EventSchemasTest {

    private final JsonNode events = Fixtures.json(Path.of("fixtures", "events.json"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features-updated",
                "forecasts-served",
                "raw.instagram.media",
                "raw.pinterest.trends",
                "retrain-requested"
            })
    void acceptValidEventsAndRefuseInvalidOnes(String topic) {
        JsonSchema schema = Fixtures.schema("schema/" + topic + ".schema.json");

        List<JsonNode> valid = all(topic, "valid");
        List<JsonNode> invalid = all(topic, "invalid");

        assertThat(valid)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(faults(schema, event)).isEmpty());
        assertThat(invalid)
                .hasSizeGreaterThan(2)
                .allSatisfy(event ->
                        assertThat(faults(schema, event)).as(event.toString()).isNotEmpty());
    }

    @Test
    void areNamedAsTheirTopic() {
        events.fieldNames().forEachRemaining(topic -> {
            JsonNode schema = Fixtures.json(Path.of("schema", topic + ".schema.json"));

            assertThat(schema.get("title").asText()).isEqualTo(topic);
            assertThat(schema.get("$id").asText()).endsWith("/" + topic + ".schema.json");
        });
    }

    private List<JsonNode> all(String topic, String kind) {
        return StreamSupport.stream(events.get(topic).get(kind).spliterator(), false)
                .toList();
    }

    private static List<String> faults(JsonSchema schema, JsonNode event) {
        return schema.validate(event, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)).stream()
                .map(Object::toString)
                .toList();
    }
}
