package io.hemline.serving.forecasts;

import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.http.InvalidFields;
import io.hemline.serving.http.JsonPointer;
import io.hemline.serving.http.JsonTokens;
import io.hemline.serving.http.Problem.ItemPositions;
import io.hemline.serving.http.QueryParameters;
import io.hemline.serving.http.SafeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A list of hashtags with one market for all, from a query or a body of {@code /predict}.
 *
 * <p>Confined to one thread.
 */
public final class Hashtags {

    private static final Set<String> OPTIONAL = Set.of("market");

    static final String NAME = "hashtags";

    private static final String POINTER = "#/hashtags";

    private final int max;
    private final InvalidFields faults;
    private final List<String> canonical = new ArrayList<>();
    private int count;
    private @Nullable String market;

    private Hashtags(int max, InvalidFields faults) {
        this.max = max;
        this.faults = faults;
    }

    /** Reads {@code hashtags=a,b&market=vn}. */
    static Hashtags read(QueryParameters query, int max, InvalidFields faults) {
        Hashtags hashtags = new Hashtags(max, faults);
        String list = query.get(NAME);
        if (list != null) {
            for (String hashtag : list.split(",", -1)) {
                hashtags.add(hashtag);
            }
            hashtags.checkCount();
        } else if (!query.has(NAME)) {
            hashtags.faults.add(
                    JsonPointer.ROOT, "hashtags is missing: 1 to " + max + " hashtags, separated by commas");
        }
        String market = query.get("market");
        hashtags.market = market == null ? null : ShortText.read(market, "#/market", faults);
        return hashtags;
    }

    /** Reads {@code {"hashtags": ["a", "b"], "market": "vn"}}. */
    static Hashtags read(byte[] body, int max, InvalidFields faults) {
        Hashtags hashtags = new Hashtags(max, faults);
        JsonTokens.<Boolean>read(body, faults, hashtags::readBody);
        return hashtags;
    }

    /** The request, in the order of the list. */
    ParsedRequest inOrder(boolean history) {
        return asked(canonical, identity(canonical.size()), history);
    }

    /** The request with the hashtags sorted, each once. */
    ParsedRequest sortedOnce() {
        Map<String, Integer> first = new TreeMap<>();
        for (int i = 0; i < canonical.size(); i++) {
            first.putIfAbsent(canonical.get(i), i);
        }
        int[] places = first.values().stream().mapToInt(Integer::intValue).toArray();
        return asked(List.copyOf(first.keySet()), places, false);
    }

    private ParsedRequest asked(List<String> hashtags, int[] places, boolean history) {
        List<Question> questions = new ArrayList<>(hashtags.size());
        for (String hashtag : hashtags) {
            questions.add(new TrendQuestion(hashtag, market));
        }
        return new ParsedRequest(questions, hashtags, ItemPositions.hashtags(places), history);
    }

    private Boolean readBody(JsonTokens in) throws IOException {
        if (!in.isObject(JsonPointer.ROOT)) {
            return false;
        }
        boolean hasHashtags = false;
        for (String name = in.nextMember(OPTIONAL); name != null; name = in.nextMember(OPTIONAL)) {
            switch (name) {
                case NAME -> {
                    hasHashtags = true;
                    readList(in);
                }
                case "market" -> {
                    String text = in.text(JsonPointer.ROOT, name);
                    market = text == null ? null : ShortText.read(text, "#/market", faults);
                }
                default -> {
                    faults.add(JsonPointer.member(JsonPointer.ROOT, name), "unknown field; known: hashtags, market");
                    in.skip();
                }
            }
        }
        if (!hasHashtags) {
            faults.add(JsonPointer.ROOT, "hashtags is missing: a list of 1 to " + max + " hashtags");
        }
        return true;
    }

    private void readList(JsonTokens in) throws IOException {
        if (!in.isList(POINTER, "a list of hashtags")) {
            return;
        }
        while (in.nextElement()) {
            String text = in.text(POINTER, Integer.toString(count));
            if (text == null) {
                count++;
                continue;
            }
            add(text);
        }
        checkCount();
    }

    private void add(String text) {
        if (count < max) {
            String hashtag = Hashtag.read(text, JsonPointer.element(POINTER, count), faults);
            if (hashtag != null) {
                canonical.add(hashtag);
            }
        }
        count++;
    }

    private void checkCount() {
        if (count < 1 || count > max) {
            faults.add(POINTER, "1 to " + max + " hashtags, not " + count);
        }
    }

    private static int[] identity(int size) {
        int[] places = new int[size];
        for (int i = 0; i < size; i++) {
            places[i] = i;
        }
        return places;
    }

    /** Reads a hashtag into its canonical form. */
    public static final class Hashtag {

        /** Longer ones are refused before normalisation, whose cost grows with their length. */
        private static final int MAX_RAW_LENGTH = 10 * TrendQuestion.MAX_HASHTAG_LENGTH;

        private Hashtag() {}

        /** The canonical form, or {@code null} after a fault. */
        static @Nullable String read(String text, String pointer, InvalidFields faults) {
            if (!SafeText.isPrintable(text)) {
                faults.add(pointer, "a hashtag without control characters, not " + SafeText.quoted(text));
                return null;
            }
            String canonical = text.length() > MAX_RAW_LENGTH ? text : TrendQuestion.canonical(text);
            int length = canonical.codePointCount(0, canonical.length());
            if (length < 1 || length > TrendQuestion.MAX_HASHTAG_LENGTH) {
                faults.add(
                        pointer,
                        "a hashtag of 1 to " + TrendQuestion.MAX_HASHTAG_LENGTH + " characters without its #, not "
                                + length + ": " + SafeText.quoted(text));
                return null;
            }
            return canonical;
        }
    }
}
