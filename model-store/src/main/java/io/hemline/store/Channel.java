package io.hemline.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A named pointer of a model: the one version that servers following the channel should have live. */
public enum Channel {
    STABLE,
    CANARY,
    SHADOW;

    /** The channel of that name, as {@link #path()} writes it; empty for any other word. */
    public static Optional<Channel> parse(String name) {
        return Arrays.stream(values()).filter(c -> c.path().equals(name)).findFirst();
    }

    /** The name of the pointer file in the model's {@code channels} folder, also the word used on the command line. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
