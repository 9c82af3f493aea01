package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Series;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The stored features of one trend in one market.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param hashtag canonical
 * @param market of the features
 * @param series the observed weeks
 * @param attributes market, gender, category
 * @param embedding mean of the embeddings of its images
 * @param encoderDigest SHA-256 of the encoder that made the embedding, in hex
 * @param asOf time of the features, RFC 3339
 * @param stale whether a due refresh failed
 */
public record KnownTrend(
        String hashtag,
        String market,
        Series series,
        Attributes attributes,
        float @Nullable [] embedding,
        @Nullable String encoderDigest,
        String asOf,
        boolean stale) {

    /** Its maximum answers a question without a market: the greatest volume, of equal ones the alphabetically first. */
    static final Comparator<KnownTrend> BY_RECENT_VOLUME = Comparator.comparingDouble(KnownTrend::recentVolume)
            .thenComparing(KnownTrend::market, Comparator.reverseOrder());

    public KnownTrend {
        requireNonNull(hashtag, "hashtag");
        requireNonNull(market, "market");
        requireNonNull(series, "series");
        requireNonNull(attributes, "attributes");
        requireNonNull(asOf, "asOf");
    }

    /** The mean volume of the last 13 weeks, 0 if nothing was observed in them. */
    double recentVolume() {
        double mean = series.recentMean(13);
        return Double.isNaN(mean) ? 0 : mean;
    }

    /** A copy that is marked as stale. */
    KnownTrend asStale() {
        return new KnownTrend(hashtag, market, series, attributes, embedding, encoderDigest, asOf, true);
    }

    /** An estimate of its heap memory. */
    int bytes() {
        int doubles = length(series.volume())
                + length(series.influencerShare())
                + length(series.sentiment())
                + length(series.engagement());
        return 500 + Double.BYTES * doubles + Float.BYTES * (embedding == null ? 0 : embedding.length);
    }

    private static int length(double @Nullable [] values) {
        return values == null ? 0 : values.length;
    }
}
