package io.hemline.serving.forecasts;

import io.hemline.serving.core.TrendBoard.ScoredTrend;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The orders in which trends are listed. Trends without a score come last; equal scores sort by hashtag and market. */
enum TrendOrder {
    RISING("rising", -1),
    FALLING("falling", 1);

    private final String word;
    private final int direction;

    TrendOrder(String word, int direction) {
        this.word = word;
        this.direction = direction;
    }

    /** The order of that name. */
    static @Nullable TrendOrder of(String word) {
        for (TrendOrder order : values()) {
            if (order.word.equals(word)) {
                return order;
            }
        }
        return null;
    }

    String word() {
        return word;
    }

    Comparator<ScoredTrend> comparator() {
        return Comparator.comparing(
                        ScoredTrend::trendScore,
                        Comparator.nullsLast((left, right) -> direction * Float.compare(left, right)))
                .thenComparing(ScoredTrend::hashtag)
                .thenComparing(ScoredTrend::market);
    }
}
