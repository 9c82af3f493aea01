package io.hemline.importer.feast;

import static io.hemline.importer.feast.Trends.trend;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hemline.importer.snapshot.TrendRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeaturesUpdatedEventTest {

    private static final Path SCHEMA = Path.of("../../model-store/schema/features-updated.schema.json");
    private static final String DAY = "2026-11-23T00:00:00Z";

    @Test
    void namesTheTrendsOfEachMarketAndTheNewestTime() {
        List<FeaturesUpdatedEvent> events = FeaturesUpdatedEvent.of(List.of(
                trend("b", "vn", DAY, 1), trend("a", "us", null, 1), trend("a", "vn", "2026-11-24T00:00:00Z", 1)));

        assertThat(events)
                .containsExactly(
                        new FeaturesUpdatedEvent("us", List.of("a"), Instant.EPOCH),
                        new FeaturesUpdatedEvent("vn", List.of("b", "a"), Instant.parse("2026-11-24T00:00:00Z")));
        assertThat(new String(events.get(1).json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"market\":\"vn\",\"trends\":[\"b\",\"a\"],\"features_as_of\":\"2026-11-24T00:00:00Z\"}");
    }

    @Test
    void splitsAtTenThousandTrends() throws IOException {
        List<FeaturesUpdatedEvent> events = FeaturesUpdatedEvent.of(trends(25_000, "t"));

        assertThat(events).extracting(event -> event.trends().size()).containsExactly(10_000, 10_000, 5_000);
        assertValid(events);
    }

    @Test
    void splitsAtOneMegabyteOfTheLongestNames() throws IOException {
        List<FeaturesUpdatedEvent> events = FeaturesUpdatedEvent.of(trends(5_000, "\u0001".repeat(90)));

        assertThat(events).hasSizeBetween(3, 6);
        assertThat(events).allMatch(event -> event.json().length < 1_000_000);
        assertThat(events.stream().flatMap(event -> event.trends().stream())).hasSize(5_000);
        assertValid(events);
    }

    private static List<TrendRecord> trends(int count, String prefix) {
        return IntStream.range(0, count)
                .mapToObj(i -> trend(prefix + i, "vn", DAY, 1))
                .toList();
    }

    private static void assertValid(List<FeaturesUpdatedEvent> events) throws IOException {
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(SCHEMA));
        for (FeaturesUpdatedEvent event : events) {
            String json = new String(event.json(), StandardCharsets.UTF_8);
            assertThat(schema.validate(
                            json,
                            InputFormat.JSON,
                            context -> context.getExecutionConfig().setFormatAssertionsEnabled(true)))
                    .isEmpty();
        }
    }
}
