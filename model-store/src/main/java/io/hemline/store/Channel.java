package io.hemline.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A named pointer of a model: the version that servers on this channel should have live. */
public enum Channel {
    STABLE,
    CANARY,
    SHADOW;

    /** The channel whose {@link #path()} is the name; empty for any other name. */
    public static Optional<Channel> parse(String name) {
        return Arrays.stream(values()).filter(c -> c.path().equals(name)).findFirst();
    }

    /** The name of the pointer file in the model's {@code channels} folder, also used on the command line. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
