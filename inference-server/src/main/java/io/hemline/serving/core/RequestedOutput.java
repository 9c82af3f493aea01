package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One requested output.
 *
 * <p>Immutable.
 *
 * @param name of the output
 * @param binary whether its data should follow the text as bytes; absent leaves it to the request
 */
public record RequestedOutput(String name, @Nullable Boolean binary) {

    public RequestedOutput {
        requireNonNull(name, "name");
    }
}
