package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Features.Attributes;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One series to forecast. It contains no client id, so equal questions of different clients are equal. */
public sealed interface Question {

    /**
     * A question with its features: everything that a model needs to answer it.
     *
     * <p>Immutable.
     *
     * @param asked the question of the client
     * @param features found for it
     */
    record FeaturedQuestion(Question asked, Features features) implements Question {

        public FeaturedQuestion {
            requireNonNull(asked, "asked");
            requireNonNull(features, "features");
        }
    }

    /**
     * A question about a series of the client's own.
     *
     * <p>Immutable.
     *
     * @param series the observed weeks
     * @param attributes of the garment; {@link Attributes#UNKNOWN} without any
     * @param image of the garment
     */
    record SeriesQuestion(
            Series series, Attributes attributes, @Nullable Image image) implements Question {

        public SeriesQuestion {
            requireNonNull(series, "series");
            requireNonNull(attributes, "attributes");
        }
    }

    /**
     * A question about a trend of the feature store.
     *
     * <p>Immutable.
     *
     * @param hashtag canonical, 1 to 100 characters
     * @param market of the trend; absent means the market where it has most recent volume
     */
    record TrendQuestion(String hashtag, @Nullable String market) implements Question {

        /** The longest canonical hashtag, in characters. */
        public static final int MAX_HASHTAG_LENGTH = 100;

        public TrendQuestion {
            requireNonNull(hashtag, "hashtag");
        }

        /**
         * The canonical form of a hashtag: NFKC, lower case of the root locale, without leading {@code #} and blanks
         * around it.
         */
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
}
