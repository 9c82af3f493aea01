package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

/**
 * One version of a model in the repository's index.
 *
 * <p>Immutable.
 *
 * @param name of the model
 * @param version its number
 * @param state whether it can infer
 * @param reason why it cannot, empty when it can
 */
public record IndexEntry(String name, String version, State state, String reason) {

    public IndexEntry {
        requireNonNull(name, "name");
        requireNonNull(version, "version");
        requireNonNull(state, "state");
        requireNonNull(reason, "reason");
    }

    /** The states that clients of the model repository extension know, by the words that they know. */
    public enum State {
        /** It infers. */
        READY,
        /** It is on its way to that. */
        LOADING,
        /** It finishes what was begun. */
        UNLOADING,
        /** It does not. */
        UNAVAILABLE
    }
}
