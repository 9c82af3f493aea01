package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The features of one trend at the time of its forecast.
 *
 * <p>Immutable by convention: arrays are shared and never written.
 *
 * @param hashtag canonical; absent for a series of the client's own
 * @param market of the trend; absent for a series of the client's own
 * @param series the observed weeks
 * @param attributes market, gender, category
 * @param embedding of the garment's image by the live model's encoder, or absent
 * @param asOf when the features were made (RFC 3339), or the last week of a client's own series (ISO date)
 * @param stale whether fresher features could not be had
 * @param warnings the parts of the question that were ignored, with the reason, one sentence each
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

    /**
     * The attributes of a garment, as in the model's vocabularies; absent = unknown.
     *
     * <p>Immutable.
     *
     * @param market such as {@code vn}
     * @param gender such as {@code female}
     * @param category such as {@code pants}
     */
    public record Attributes(
            @Nullable String market,
            @Nullable String gender,
            @Nullable String category) {

        /** No attribute is known. */
        public static final Attributes UNKNOWN = new Attributes(null, null, null);
    }
}
