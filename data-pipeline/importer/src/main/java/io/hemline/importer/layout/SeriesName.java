package io.hemline.importer.layout;

import org.jspecify.annotations.Nullable;

/**
 * Name of a series, as far as the table says it.
 *
 * <p>Immutable.
 *
 * @param trend in canonical form (`TrendQuestion.canonical`), 1 to 100 characters
 * @param market lower case, such as {@code vn}
 * @param gender lower case, such as {@code female}
 * @param category lower case, such as {@code pants}
 */
public record SeriesName(
        String trend,
        @Nullable String market,
        @Nullable String gender,
        @Nullable String category) {}
