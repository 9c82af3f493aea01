package io.hemline.serving.messaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.messaging.FeaturesUpdated.InvalidEvent;
import io.hemline.serving.messaging.FeaturesUpdated.InvalidEvent.Kind;
import io.hemline.serving.messaging.testing.EventSchema;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser accepts exactly the events that the topic's schema allows. */
class FeaturesUpdatedTest {

    private static final EventSchema SCHEMA = EventSchema.of(FeaturesUpdated.TOPIC);
    private static final String VALID = """
            {"market":"vn","trends":["wideleg","áo dài"],"features_as_of":"2026-11-23T00:00:00Z"}""";

    @Test
    void parsesMarketTrendsAndTime() throws InvalidEvent {
        FeaturesUpdated update = FeaturesUpdated.parse(VALID.getBytes(UTF_8));

        assertThat(update)
                .isEqualTo(
                        new FeaturesUpdated("vn", List.of("wideleg", "áo dài"), Instant.parse("2026-11-23T00:00:00Z")));
    }

    @Test
    void canonicalizesHashtags() throws InvalidEvent {
        FeaturesUpdated update =
                FeaturesUpdated.parse(VALID.replace("wideleg", "#Wideleg").getBytes(UTF_8));

        assertThat(update.trends()).first().isEqualTo("wideleg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"market\":\"vn\",\"trends\":[\"wideleg\"],\"features_as_of\":\"2026-11-23T07:00:00.123+07:00\"}",
                "{\"features_as_of\":\"2026-11-23T00:00:00Z\",\"market\":\"vn\",\"trends\":[\"a\",\"a\"]}"
            })
    void acceptsEventsThatTheSchemaAllows(String event) throws InvalidEvent {
        assertThat(SCHEMA.violations(event)).isEmpty();
        assertThat(FeaturesUpdated.parse(event.getBytes(UTF_8)).market()).isEqualTo("vn");
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
    void rejectsEventsThatTheSchemaForbids(String event) {
        assertThat(SCHEMA.violations(event)).isNotEmpty();
        assertInvalid(event, Kind.INVALID);
    }

    @Test
    void rejectsMoreTrendsAndLongerNamesThanTheSchemaAllows() {
        String many = IntStream.rangeClosed(0, FeaturesUpdated.MAX_TRENDS)
                .mapToObj(i -> "\"t" + i + "\"")
                .collect(Collectors.joining(","));
        String tooMany = VALID.replace("\"wideleg\"", many);
        String tooLong = VALID.replace("wideleg", "w".repeat(101));

        assertThat(SCHEMA.violations(tooMany)).isNotEmpty();
        assertThat(SCHEMA.violations(tooLong)).isNotEmpty();
        assertInvalid(tooMany, Kind.INVALID);
        assertInvalid(tooLong, Kind.INVALID);
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
    void rejectsTextThatIsNoJsonObject(String event) {
        assertThatThrownBy(() -> FeaturesUpdated.parse(event.getBytes(UTF_8))).isInstanceOf(InvalidEvent.class);
    }

    @Test
    void namesTheKindOfTheError() {
        assertInvalid("features", Kind.NOT_JSON);
    }

    @Test
    void rejectsInvalidUtf8AndTooManyBytes() {
        byte[] overlong = "{\"market\":\"\u00c1\u00b7\",\"trends\":[],\"features_as_of\":\"2026-11-16T00:00:00Z\"}"
                .getBytes(ISO_8859_1);

        assertThatThrownBy(() -> FeaturesUpdated.parse(overlong)).hasMessageContaining("valid UTF-8");
        assertInvalid(" ".repeat(FeaturesUpdated.MAX_BYTES) + VALID, Kind.TOO_BIG);
        assertThatThrownBy(() -> FeaturesUpdated.parse(null)).hasMessage("there is no value");
    }

    private static void assertInvalid(String event, Kind kind) {
        assertThatThrownBy(() -> FeaturesUpdated.parse(event.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        InvalidEvent.class,
                        invalid -> assertThat(invalid.kind())
                                .as(invalid.getMessage())
                                .isEqualTo(kind));
    }
}
