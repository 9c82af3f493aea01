package io.hemline.serving.messaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.messaging.InvalidEvent.Kind;
import io.hemline.serving.messaging.testing.EventSchema;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader takes what the topic's schema allows, and nothing that it forbids. */
class FeaturesUpdatedReaderTest {

    private static final EventSchema SCHEMA = EventSchema.of(FeaturesUpdated.TOPIC);
    private static final String GOOD = """
            {"market":"vn","trends":["wideleg","áo dài"],"features_as_of":"2026-11-23T00:00:00Z"}""";

    @Test
    void readsWhichTrendsOfWhichMarketChanged() throws InvalidEvent {
        FeaturesUpdated update = FeaturesUpdatedReader.read(GOOD.getBytes(UTF_8));

        assertThat(update)
                .isEqualTo(
                        new FeaturesUpdated("vn", List.of("wideleg", "áo dài"), Instant.parse("2026-11-23T00:00:00Z")));
    }

    @Test
    void bringsHashtagsIntoCanonicalForm() throws InvalidEvent {
        FeaturesUpdated update =
                FeaturesUpdatedReader.read(GOOD.replace("wideleg", "#Wideleg").getBytes(UTF_8));

        assertThat(update.trends()).first().isEqualTo("wideleg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"market\":\"vn\",\"trends\":[\"wideleg\"],\"features_as_of\":\"2026-11-23T07:00:00.123+07:00\"}",
                "{\"features_as_of\":\"2026-11-23T00:00:00Z\",\"market\":\"vn\",\"trends\":[\"a\",\"a\"]}"
            })
    void allowsWhatTheSchemaAllows(String event) throws InvalidEvent {
        assertThat(SCHEMA.faults(event)).isEmpty();
        assertThat(FeaturesUpdatedReader.read(event.getBytes(UTF_8)).market()).isEqualTo("vn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "{}",
                "{\"trends\":[\"a\"],\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"vn\",\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"vn\",\"trends\":[\"a\"]}",
                "{\"market\":\"vn\",\"trends\":[],\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"vn\",\"trends\":[1],\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"vn\",\"trends\":[\"\"],\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"\",\"trends\":[\"a\"],\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":null,\"trends\":[\"a\"],\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"vn\",\"trends\":\"a\",\"features_as_of\":\"2026-11-23T00:00:00Z\"}",
                "{\"market\":\"vn\",\"trends\":[\"a\"],\"features_as_of\":\"yesterday\"}",
                "{\"market\":\"vn\",\"trends\":[\"a\"],\"features_as_of\":1795392000}",
                "{\"market\":\"vn\",\"trends\":[\"a\"],\"features_as_of\":\"2026-11-23T00:00:00Z\",\"force\":true}"
            })
    void forbidsWhatTheSchemaForbids(String event) {
        assertThat(SCHEMA.faults(event)).isNotEmpty();
        assertBad(event, Kind.INVALID);
    }

    @Test
    void forbidsMoreTrendsAndLongerNamesThanTheSchema() {
        String many = IntStream.rangeClosed(0, FeaturesUpdatedReader.MAX_TRENDS)
                .mapToObj(i -> "\"t" + i + "\"")
                .collect(Collectors.joining(","));
        String tooMany = GOOD.replace("\"wideleg\"", many);
        String tooLong = GOOD.replace("wideleg", "w".repeat(101));

        assertThat(SCHEMA.faults(tooMany)).isNotEmpty();
        assertThat(SCHEMA.faults(tooLong)).isNotEmpty();
        assertBad(tooMany, Kind.INVALID);
        assertBad(tooLong, Kind.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "features",
                "{\"market\":",
                "{\"market\":\"vn\",\"market\":\"us\"}",
                "[[[[[[[[1]]]]]]]]",
                "{\"a\":\u0001}"
            })
    void tellsWhatIsNoJsonFromWhatIsWrong(String event) {
        assertThatThrownBy(() -> FeaturesUpdatedReader.read(event.getBytes(UTF_8)))
                .isInstanceOf(InvalidEvent.class);
    }

    @Test
    void namesTheKind() {
        assertBad("features", Kind.NOT_JSON);
    }

    @Test
    void refusesTextThatIsNotInUtf8() {
        byte[] overlong = "{\"market\":\"\u00c1\u00b7\",\"trends\":[],\"features_as_of\":\"2026-11-16T00:00:00Z\"}"
                .getBytes(ISO_8859_1);

        assertThatThrownBy(() -> FeaturesUpdatedReader.read(overlong)).hasMessageContaining("valid UTF-8");
        assertBad(" ".repeat(FeaturesUpdatedReader.MAX_BYTES) + GOOD, Kind.TOO_BIG);
        assertThatThrownBy(() -> FeaturesUpdatedReader.read(null)).hasMessage("there is no value");
    }

    private static void assertBad(String event, Kind kind) {
        assertThatThrownBy(() -> FeaturesUpdatedReader.read(event.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        InvalidEvent.class,
                        bad -> assertThat(bad.kind()).as(bad.getMessage()).isEqualTo(kind));
    }
}
