package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

/**
 * A question with its features: everything that a model needs to answer it.
 *
 * <p>Immutable.
 *
 * @param asked the question of the client
 * @param features found for it
 */
public record FeaturedQuestion(Question asked, Features features) implements Question {

    public FeaturedQuestion {
        requireNonNull(asked, "asked");
        requireNonNull(features, "features");
    }
}
