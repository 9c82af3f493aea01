package io.hemline.serving.protocol;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One output that a client asks for.
 *
 * <p>Immutable.
 *
 * @param name of the output
 * @param binary whether its data should follow the text as bytes; absent leaves it to the request
 */
record WishedOutput(String name, @Nullable Boolean binary) {

    WishedOutput {
        requireNonNull(name, "name");
    }
}
