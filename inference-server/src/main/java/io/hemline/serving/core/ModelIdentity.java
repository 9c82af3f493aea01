package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

/**
 * Name, version and digest of a model.
 *
 * <p>Immutable.
 *
 * @param name of the model, such as {@code trend}
 * @param version as the store numbers it
 * @param digest of the artifact: SHA-256 of its manifest, in hex
 */
public record ModelIdentity(String name, String version, String digest) {

    public ModelIdentity {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(digest, "digest");
    }
}
