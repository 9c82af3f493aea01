package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vectors were computed by another program in another language from the layout in the note of {@link CacheKey}. */
class CacheKeyTest {

    private static final Path VECTORS = Path.of("../model-store/fixtures/keys.json");
    private static final byte[] DIGEST = HexFormat.of().parseHex("ab".repeat(32));

    @TestFactory
    Stream<DynamicTest> agreesWithTheSharedVectors() throws IOException {
        JsonNode vectors = new ObjectMapper().readTree(VECTORS.toFile());
        return vectors.valueStream()
                .map(vector -> DynamicTest.dynamicTest(vector.get("why").asText(), () -> {
                    byte[] artifact =
                            HexFormat.of().parseHex(vector.get("artifact").asText());

                    CacheKey key = CacheKey.of(artifact, question(vector.get("item")));

                    assertThat(key).hasToString(vector.get("key").asText());
                }));
    }

    @Test
    void isOneForEveryNotANumber() {
        double otherNan = Double.longBitsToDouble(0xfff8000000000001L);

        assertThat(key(Series.of(LocalDate.EPOCH.minusDays(3), otherNan)))
                .isEqualTo(key(Series.of(LocalDate.EPOCH.minusDays(3), Double.NaN)));
    }

    @Test
    void tellsApartSeriesThatDifferInOneWeek() {
        LocalDate monday = LocalDate.of(2026, 11, 16);

        assertThat(key(Series.of(monday, 1, 2))).isNotEqualTo(key(Series.of(monday, 2, 1)));
        assertThat(key(Series.of(monday, 1, 2))).isNotEqualTo(key(Series.of(monday.plusWeeks(1), 1, 2)));
    }

    private static CacheKey key(Series series) {
        return CacheKey.of(DIGEST, new SeriesQuestion(series, Attributes.UNKNOWN, null));
    }

    @SuppressWarnings("NullAway") // javac 17 does not read from class files that an array may be absent
    private static Question question(JsonNode item) {
        if (item.has("hashtag")) {
            return new TrendQuestion(item.get("hashtag").asText(), text(item, "market"));
        }
        JsonNode attributes = item.path("attributes");
        String image = text(item, "image");
        return new SeriesQuestion(
                new Series(
                        LocalDate.parse(item.get("last_week").asText()),
                        requireNonNull(doubles(item, "series")),
                        doubles(item, "influencer_share"),
                        doubles(item, "sentiment"),
                        doubles(item, "engagement")),
                new Attributes(text(attributes, "market"), text(attributes, "gender"), text(attributes, "category")),
                image == null ? null : new Image(Base64.getDecoder().decode(image)));
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.has(field) ? node.get(field).asText() : null;
    }

    private static double @Nullable [] doubles(JsonNode node, String field) {
        return node.has(field)
                ? node.get(field)
                        .valueStream()
                        .mapToDouble(value -> value.isNull() ? Double.NaN : value.asDouble())
                        .toArray()
                : null;
    }
}
