package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.forecast.Attributes;
import io.hemline.serving.forecast.Series;
import io.hemline.serving.forecast.SeriesQuestion;
import io.hemline.serving.forecast.TrendQuestion;
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
class AskedTest {

    private static final List<String> WORDS = List.of("wideleg", "cargo", "a", "b", "ab", "1:a", "été", "y2k");
    private static final List<String> MARKETS = List.of("", "vn", "us");

    private final Random random = new Random(42);

    @Test
    void hasOneNameHoweverItIsSpelt() {
        for (int round = 0; round < 500; round++) {
            List<String> words = words();
            String market = market();

            Asked plain = ask(words, market);
            Asked strange = ask(words.stream().map(this::respelt).toList(), market);

            assertThat(strange.name(Form.FULL)).isEqualTo(plain.name(Form.FULL));
        }
    }

    @Test
    void hasAnotherNameWhenAnythingDiffersThatTheAnswerTells() {
        Map<String, String> questions = new HashMap<>();
        for (int round = 0; round < 2000; round++) {
            List<String> words = words();
            String market = market();

            String name = String.valueOf(ask(words, market).name(Form.FULL));

            String question = words + " in " + market;
            assertThat(questions.putIfAbsent(name, question)).isIn(null, question);
        }
    }

    @Test
    void hasOneNameForEveryOrderOfAPrediction() {
        Asked one = predict(List.of("a", "b", "a"));
        Asked other = predict(List.of("B", "#a"));

        assertThat(one.name(Form.BRIEF)).isEqualTo(other.name(Form.BRIEF)).isNotEqualTo(one.name(Form.FULL));
    }

    @Test
    void tellsApartIdsAndHistory() {
        TrendQuestion trend = new TrendQuestion("a", "vn");
        Asked mine = new Asked(List.of(trend), List.of("mine"), Places.ITEMS, false);

        assertThat(mine.name(Form.FULL))
                .isNotEqualTo(new Asked(List.of(trend), List.of("yours"), Places.ITEMS, false).name(Form.FULL))
                .isNotEqualTo(new Asked(List.of(trend), List.of("mine"), Places.ITEMS, true).name(Form.FULL));
    }

    @Test
    void givesNoNameToAnOwnSeries() {
        SeriesQuestion own = new SeriesQuestion(Series.of(FakeForecaster.LAST_WEEK, 1, 2), Attributes.UNKNOWN, null);

        assertThat(new Asked(List.of(own), List.of("0"), Places.ITEMS, false).name(Form.FULL))
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

    private static Asked ask(List<String> words, String market) {
        return read(words, market).inOrder(false);
    }

    private static Asked predict(List<String> words) {
        return read(words, "").sortedOnce();
    }

    private static Hashtags read(List<String> words, String market) {
        Faults faults = new Faults();
        String list = String.join(",", words).replace("#", "%23").replace(' ', '+');
        String query = "hashtags=" + encoded(list) + (market.isEmpty() ? "" : "&market=" + market);
        Hashtags hashtags = Hashtags.read(Query.read(query, Set.of("hashtags", "market"), faults), 64, faults);
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
