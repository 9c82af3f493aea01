package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

/**
 * A question whose features have been found: all that a model needs to answer it.
 *
 * <p>Immutable.
 *
 * @param asked what the caller asked
 * @param features what is known of it
 */
public record FeaturedQuestion(Question asked, Features features) implements Question {

    public FeaturedQuestion {
        requireNonNull(asked, "asked");
        requireNonNull(features, "features");
    }
}
