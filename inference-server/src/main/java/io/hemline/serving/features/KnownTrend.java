package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.forecast.Attributes;
import io.hemline.serving.forecast.Series;
import org.jspecify.annotations.Nullable;

/**
 * What the feature store holds of one trend in one market.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param hashtag canonical
 * @param market where
 * @param series the observed weeks
 * @param attributes market, gender, category
 * @param embedding the mean of its images' embeddings
 * @param encoderDigest SHA-256 of the encoder that made the embedding, in hex
 * @param asOf when the features were made, RFC 3339
 */
public record KnownTrend(
        String hashtag,
        String market,
        Series series,
        Attributes attributes,
        float @Nullable [] embedding,
        @Nullable String encoderDigest,
        String asOf) {

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
}
