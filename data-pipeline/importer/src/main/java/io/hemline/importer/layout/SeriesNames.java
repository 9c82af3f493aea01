package io.hemline.importer.layout;

import io.hemline.importer.parse.Countries;
import io.hemline.serving.core.Question.TrendQuestion;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes names of series from texts; equal texts give the same object.
 *
 * <p>Confined to one thread.
 */
final class SeriesNames {

    /** {@code wide leg jeans: (United States)}. */
    private static final Pattern PLACE =
            Pattern.compile("(?<term>.+?)\\s*:\\s*\\((?<place>[^()]*(?:\\([^()]*\\))?[^()]*)\\)");
    /** {@code br_female_shoes_0}. */
    private static final Pattern ATTRIBUTES =
            Pattern.compile("(?<market>[a-z]{2})_(?<gender>female|male)_(?<category>[a-z]+)_.+");
    /** {@code BR_dress}. */
    private static final Pattern COUNTRY = Pattern.compile("(?<market>[A-Z]{2})_(?<word>.+)");

    private static final String WORLD = "world";

    private final Format format;
    private final Map<String, SeriesName> known = new HashMap<>();
    private boolean split;

    SeriesNames(Format format) {
        this.format = format;
    }

    /** The name that a text gives, or null without one; it may be over 100 characters. */
    @Nullable SeriesName of(String text, @Nullable String market, @Nullable String gender, @Nullable String category) {
        String key = text + '\0' + market + '\0' + gender + '\0' + category;
        SeriesName name = known.get(key);
        if (name == null) {
            name = parsed(text.strip(), market, gender, category);
            if (name.trend().isEmpty()) {
                return null;
            }
            known.put(key, name);
        }
        return name;
    }

    /** Whether some name was split into a trend or attributes. */
    boolean split() {
        return split;
    }

    private SeriesName parsed(
            String text, @Nullable String market, @Nullable String gender, @Nullable String category) {
        String place = market == null ? null : market(market);
        String sex = gender == null ? null : Words.gender(gender);
        String kind = category == null || category.isBlank() ? null : Words.canonical(category);
        Matcher m = PLACE.matcher(text);
        if (format == Format.GOOGLE_TRENDS && m.matches()) {
            return name(m.group("term"), place == null ? market(m.group("place")) : place, sex, kind);
        }
        m = ATTRIBUTES.matcher(text);
        if (m.matches() && isMarket(m.group("market"))) {
            split = true;
            return name(
                    text,
                    place == null ? m.group("market") : place,
                    sex == null ? m.group("gender") : sex,
                    kind == null ? m.group("category") : kind);
        }
        m = COUNTRY.matcher(text);
        if (place == null && m.matches() && Countries.code(m.group("market")).isPresent()) {
            split = true;
            return name(m.group("word"), Countries.code(m.group("market")).get(), sex, kind);
        }
        return name(text, place, sex, kind);
    }

    private static boolean isMarket(String word) {
        return word.equals("eu") || Countries.code(word).isPresent();
    }

    private static SeriesName name(
            String trend, @Nullable String market, @Nullable String gender, @Nullable String category) {
        return new SeriesName(TrendQuestion.canonical(trend), market, gender, category);
    }

    /** {@code US-CA} and {@code California (US)} are markets of their country; an unknown place is used as it is. */
    private @Nullable String market(String text) {
        String word = Words.canonical(text);
        if (word.isEmpty()) {
            return format == Format.GOOGLE_TRENDS_LONG ? WORLD : null;
        }
        Optional<String> whole = Countries.code(word);
        if (whole.isPresent()) {
            return whole.get();
        }
        Optional<String> country = word.indexOf('-') == 2 ? Countries.code(word.substring(0, 2)) : Optional.empty();
        return Objects.requireNonNull(country.orElse(word));
    }
}
