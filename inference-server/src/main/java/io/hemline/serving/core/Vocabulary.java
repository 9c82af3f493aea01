package io.hemline.serving.core;

import io.hemline.serving.core.Features.Attributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attribute values of one model version: the id of a value is its index + 1, and 0 is any other value.
 *
 * <p>Immutable.
 */
public final class Vocabulary {

    private final Map<String, Integer> markets;
    private final Map<String, Integer> genders;
    private final Map<String, Integer> categories;

    public Vocabulary(List<String> markets, List<String> genders, List<String> categories) {
        this.markets = ids(markets);
        this.genders = ids(genders);
        this.categories = ids(categories);
    }

    private static Map<String, Integer> ids(List<String> words) {
        Map<String, Integer> ids = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            ids.put(words.get(i), i + 1);
        }
        return Map.copyOf(ids);
    }

    /** The ids of market, gender, category. */
    public long[] ids(Attributes attributes) {
        return new long[] {
            id(markets, attributes.market()), id(genders, attributes.gender()), id(categories, attributes.category())
        };
    }

    private static long id(Map<String, Integer> ids, @Nullable String word) {
        return word == null ? 0 : ids.getOrDefault(word, 0);
    }

    /** The markets that the model knows. */
    public Set<String> markets() {
        return markets.keySet();
    }

    /** The attributes without the values that the model does not know; each unknown value adds a warning. */
    public Attributes known(Attributes attributes, List<String> warnings) {
        return new Attributes(
                known("market", markets, attributes.market(), warnings),
                known("gender", genders, attributes.gender(), warnings),
                known("category", categories, attributes.category(), warnings));
    }

    private static @Nullable String known(
            String field, Map<String, Integer> ids, @Nullable String word, List<String> warnings) {
        if (word == null || ids.containsKey(word)) {
            return word;
        }
        warnings.add("The model knows no " + field + " \"" + word + "\"; it counts as missing. Known: "
                + String.join(", ", ids.keySet().stream().sorted().toList()) + ".");
        return null;
    }
}
