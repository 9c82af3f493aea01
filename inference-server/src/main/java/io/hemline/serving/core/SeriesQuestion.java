package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A series that the caller brings along.
 *
 * <p>Immutable.
 *
 * @param series the observed weeks
 * @param attributes what is known of the garment; {@link Attributes#UNKNOWN} when nothing is
 * @param image how it looks
 */
public record SeriesQuestion(
        Series series, Attributes attributes, @Nullable Image image) implements Question {

    public SeriesQuestion {
        requireNonNull(series, "series");
        requireNonNull(attributes, "attributes");
    }
}
