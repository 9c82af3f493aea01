package io.hemline.serving.forecasts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.Problem.ItemPositions;
import io.hemline.serving.http.QueryParameters;
import io.hemline.serving.http.testing.FakeForecaster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is one question must have one name, and what is not must not. */
class ParsedRequestTest {

    private static final List<String> WORDS = List.of("wideleg", "cargo", "a", "b", "ab", "1:a", "été", "y2k");
    private static final List<String> MARKETS = List.of("", "vn", "us");

    private final Random random = new Random(42);

    @Test
    void hasOneNameHoweverItIsSpelt() {
        for (int round = 0; round < 500; round++) {
            List<String> words = words();
            String market = market();

            ParsedRequest plain = ask(words, market);
            ParsedRequest strange = ask(words.stream().map(this::respelt).toList(), market);

            assertThat(strange.key(AnswerForm.FULL)).isEqualTo(plain.key(AnswerForm.FULL));
        }
    }

    @Test
    void hasAnotherNameWhenAnythingDiffersThatTheAnswerTells() {
        Map<String, String> questions = new HashMap<>();
        for (int round = 0; round < 2000; round++) {
            List<String> words = words();
            String market = market();

            String name = String.valueOf(ask(words, market).key(AnswerForm.FULL));

            String question = words + " in " + market;
            assertThat(questions.putIfAbsent(name, question)).isIn(null, question);
        }
    }

    @Test
    void hasOneNameForEveryOrderOfAPrediction() {
        ParsedRequest one = predict(List.of("a", "b", "a"));
        ParsedRequest other = predict(List.of("B", "#a"));

        assertThat(one.key(AnswerForm.BRIEF))
                .isEqualTo(other.key(AnswerForm.BRIEF))
                .isNotEqualTo(one.key(AnswerForm.FULL));
    }

    @Test
    void tellsApartIdsAndHistory() {
        TrendQuestion trend = new TrendQuestion("a", "vn");
        ParsedRequest mine = new ParsedRequest(List.of(trend), List.of("mine"), ItemPositions.ITEMS, false);

        assertThat(mine.key(AnswerForm.FULL))
                .isNotEqualTo(new ParsedRequest(List.of(trend), List.of("yours"), ItemPositions.ITEMS, false)
                        .key(AnswerForm.FULL))
                .isNotEqualTo(new ParsedRequest(List.of(trend), List.of("mine"), ItemPositions.ITEMS, true)
                        .key(AnswerForm.FULL));
    }

    @Test
    void givesNoNameToAnOwnSeries() {
        SeriesQuestion own = new SeriesQuestion(Series.of(FakeForecaster.LAST_WEEK, 1, 2), Attributes.UNKNOWN, null);

        assertThat(new ParsedRequest(List.of(own), List.of("0"), ItemPositions.ITEMS, false).key(AnswerForm.FULL))
                .isNull();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return words;
    }

    private String market() {
        return MARKETS.get(random.nextInt(MARKETS.size()));
    }

    private String respelt(String word) {
        String spelt = random.nextBoolean() ? word.toUpperCase(Locale.ROOT) : word;
        return " ".repeat(random.nextInt(2)) + "#".repeat(random.nextInt(3)) + spelt + " ".repeat(random.nextInt(2));
    }

    private static ParsedRequest ask(List<String> words, String market) {
        return read(words, market).inOrder(false);
    }

    private static ParsedRequest predict(List<String> words) {
        return read(words, "").sortedOnce();
    }

    private static Hashtags read(List<String> words, String market) {
        InvalidFields faults = new InvalidFields();
        String list = String.join(",", words).replace("#", "%23").replace(' ', '+');
        String query = "hashtags=" + encoded(list) + (market.isEmpty() ? "" : "&market=" + market);
        Hashtags hashtags =
                Hashtags.read(QueryParameters.read(query, Set.of("hashtags", "market"), faults), 64, faults);
        faults.throwIfAny();
        return hashtags;
    }

    private static String encoded(String list) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : list.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            encoded.append(b < 0 ? String.format(Locale.ROOT, "%%%02X", b) : String.valueOf((char) b));
        }
        return encoded.toString();
    }
}
