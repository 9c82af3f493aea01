package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one trend when it is forecast.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param hashtag canonical; absent for a caller's own series
 * @param market the market that is meant; absent for a caller's own series
 * @param series the observed weeks
 * @param attributes market, gender, category
 * @param embedding of the garment's image by the live model's encoder, or absent
 * @param asOf when the features were made (RFC 3339), or the last week of a caller's own series (ISO date)
 * @param stale whether fresher features could not be had
 * @param warnings what was left out of the question and why, one sentence each
 */
public record Features(
        @Nullable String hashtag,
        @Nullable String market,
        Series series,
        Attributes attributes,
        float @Nullable [] embedding,
        String asOf,
        boolean stale,
        List<String> warnings) {

    public Features {
        requireNonNull(series, "series");
        requireNonNull(attributes, "attributes");
        requireNonNull(asOf, "asOf");
        warnings = List.copyOf(warnings);
    }
}
