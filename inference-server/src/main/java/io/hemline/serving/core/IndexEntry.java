package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

/**
 * One version of a model in the repository's index.
 *
 * <p>Immutable.
 *
 * @param name of the model
 * @param version its number
 * @param state whether it serves
 * @param reason why it does not, empty when it does
 */
public record IndexEntry(String name, String version, State state, String reason) {

    public IndexEntry {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(state, "state");
        requireNonNull(reason, "reason");
    }

    /** The states of the model repository extension, by its own words. */
    public enum State {
        /** Serving. */
        READY,
        /** Loading. */
        LOADING,
        /** Draining. */
        UNLOADING,
        /** Not serving. */
        UNAVAILABLE
    }
}
