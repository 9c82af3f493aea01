package io.hemline.serving.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.JsonText.NotJson;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectReaderTest {

    @Test
    void readsEveryMemberInOrder() throws IOException {
        List<String> read = new ArrayList<>();

        JsonObjectReader.read(
                "{\"b\":\"2\",\"a\":\"1\"}",
                (member, json) -> read.add(member + "=" + JsonObjectReader.text(member, json)));

        assertThat(read).containsExactly("b=2", "a=1");
    }

    @Test
    void readsTimesWithAnyOffset() throws IOException {
        List<Instant> read = new ArrayList<>();

        JsonObjectReader.read(
                "{\"at\":\"2026-11-23T07:00:00+07:00\"}",
                (member, json) -> read.add(JsonObjectReader.instant(member, json)));

        assertThat(read).containsExactly(Instant.parse("2026-11-23T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features",
                "{\"a\":",
                "{\"a\":\"1\",\"a\":\"2\"}",
                "{\"a\":\"1\",}",
                "{\"a\":\"1\"}}",
                "",
                "{\"a\":\"1\"} {}"
            })
    void rejectsTextThatIsNoJson(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(NotJson.class);
    }

    @Test
    void namesTheMemberOfTheWrongKind() {
        assertInvalid("[]", "an object is expected");
        assertInvalid("{\"a\":1}", "a: text is expected, not 1");
        assertThatThrownBy(() -> JsonObjectReader.read(
                        "{\"at\":\"soon\"}", (member, json) -> JsonObjectReader.instant(member, json)))
                .hasMessage("at: a time such as 2026-11-23T00:00:00Z is expected, not soon");
        assertThatThrownBy(() -> JsonObjectReader.required("a", null)).hasMessage("a: is missing");
    }

    @Test
    void shortensWhatItShows() {
        assertThat(JsonObjectReader.unknownField("a".repeat(101))).hasMessage("a".repeat(100) + "…: unknown field");
    }

    private static void assertInvalid(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static void read(String text) throws IOException {
        JsonObjectReader.read(text, JsonObjectReader::text);
    }
}
