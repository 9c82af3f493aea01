package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A question about a series of the client's own.
 *
 * <p>Immutable.
 *
 * @param series the observed weeks
 * @param attributes of the garment; {@link Attributes#UNKNOWN} without any
 * @param image of the garment
 */
public record SeriesQuestion(
        Series series, Attributes attributes, @Nullable Image image) implements Question {

    public SeriesQuestion {
        requireNonNull(series, "series");
        requireNonNull(attributes, "attributes");
    }
}
