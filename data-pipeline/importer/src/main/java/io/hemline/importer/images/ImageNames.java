package io.hemline.importer.images;

import io.hemline.importer.snapshot.TrendRecord;
import io.hemline.serving.core.Question.TrendQuestion;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds the trends that a file or a folder is named after: {@code <trend>}, {@code <market>_<trend>}, and both with
 * {@code _<number>}. A trend without a market stands for that trend in every market.
 *
 * <p>Immutable.
 */
final class ImageNames {

    private static final Pattern NUMBER = Pattern.compile("_\\d+$");

    private final Map<String, Set<String>> markets = new HashMap<>();

    ImageNames(Collection<TrendRecord> trends) {
        for (TrendRecord trend : trends) {
            markets.computeIfAbsent(trend.trend(), unused -> new TreeSet<>()).add(trend.market());
        }
    }

    /** The trends; none if the name fits none. The reading that takes the longest part of the name as the trend wins. */
    List<TrendQuestion> trends(String name) {
        List<TrendQuestion> whole = unnumbered(name);
        return whole.isEmpty() ? unnumbered(NUMBER.matcher(name).replaceFirst("")) : whole;
    }

    private List<TrendQuestion> unnumbered(String name) {
        String trend = TrendQuestion.canonical(name);
        Set<String> everywhere = markets.getOrDefault(trend, Set.of());
        if (!everywhere.isEmpty()) {
            return everywhere.stream()
                    .map(market -> new TrendQuestion(trend, market))
                    .toList();
        }
        for (int at = name.indexOf('_'); at >= 0; at = name.indexOf('_', at + 1)) {
            String market = name.substring(0, at).strip().toLowerCase(Locale.ROOT);
            String rest = TrendQuestion.canonical(name.substring(at + 1));
            if (markets.getOrDefault(rest, Set.of()).contains(market)) {
                return List.of(new TrendQuestion(rest, market));
            }
        }
        return List.of();
    }
}
