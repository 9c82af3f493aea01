package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A question about a trend of the feature store.
 *
 * <p>Immutable.
 *
 * @param hashtag canonical, 1 to 100 characters
 * @param market of the trend; absent means the market where it has most recent volume
 */
public record TrendQuestion(String hashtag, @Nullable String market) implements Question {

    /** The longest canonical hashtag, in characters. */
    public static final int MAX_HASHTAG_LENGTH = 100;

    public TrendQuestion {
        requireNonNull(hashtag, "hashtag");
    }

    /** The canonical form of a hashtag: NFKC, lower case of the root locale, without leading {@code #} and blanks around it. */
    public static String canonical(String hashtag) {
        String folded = Normalizer.normalize(hashtag, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip();
        int start = 0;
        while (start < folded.length()
                && (folded.charAt(start) == '#' || Character.isWhitespace(folded.charAt(start)))) {
            start++;
        }
        return folded.substring(start);
    }
}
