package io.hemline.serving.forecasts;

import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.TrendBoard.ScoredTrend;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

    /**
     * The end of a page of trends. It names the trend and its score, not a number of rows, so that the next page
     * neither skips nor repeats trends when they were scored anew in between.
     */
    static final class TrendCursor {

        private static final char SEPARATOR = '\n';
        private static final int PARTS = 4;
        private static final String NO_SCORE = "-";

        private TrendCursor() {}

        /** The opaque cursor of the position after a trend. */
        static String after(ScoredTrend trend, TrendOrder order) {
            Float score = trend.trendScore();
            String text = order.word()
                    + SEPARATOR
                    + (score == null ? NO_SCORE : Integer.toHexString(Float.floatToIntBits(score)))
                    + SEPARATOR
                    + trend.market()
                    + SEPARATOR
                    + trend.hashtag();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        /** The trend of a cursor, or {@code null} when this server made no such cursor for this order. */
        static @Nullable ScoredTrend read(String cursor, TrendOrder order) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                String[] parts = text.split(String.valueOf(SEPARATOR), PARTS);
                if (parts.length < PARTS || !parts[0].equals(order.word())) {
                    return null;
                }
                Float score = parts[1].equals(NO_SCORE)
                        ? null
                        : Float.valueOf(Float.intBitsToFloat(Integer.parseUnsignedInt(parts[1], 16)));
                return new ScoredTrend(parts[3], parts[2], score, TrendClass.STABLE);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }
}
