package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A channel's pointer as it was read. Immutable.
 *
 * @param version that it names, empty if there is no pointer or it has a fault
 * @param tag that changes with the content, {@code null} if there is no pointer or the backend has no tags
 * @param fault why it cannot be read as a version number
 */
record Pointer(
        Channel channel,
        OptionalInt version,
        @Nullable String tag,
        @Nullable StoreException fault) {

    private static final Pattern CONTENT = Pattern.compile("[1-9][0-9]{0,8}\n?");

    Pointer {
        requireNonNull(channel, "channel");
        requireNonNull(version, "version");
    }

    static Pointer absent(Channel channel) {
        return new Pointer(channel, OptionalInt.empty(), null, null);
    }

    static Pointer faulty(Channel channel, @Nullable String tag, StoreException fault) {
        return new Pointer(channel, OptionalInt.empty(), tag, fault);
    }

    /** The version number that a pointer's content holds; empty for any other content. */
    static OptionalInt parse(String content) {
        return CONTENT.matcher(content).matches()
                ? OptionalInt.of(Integer.parseInt(content.strip()))
                : OptionalInt.empty();
    }

    static StoreException garbled(String place, String content) {
        return new StoreException("channel file " + place + " must hold one version number, holds \""
                + content.replace("\n", "\\n") + "\"; promote a version to mend it");
    }

    /** The version that it names, or its fault. */
    OptionalInt orThrow() {
        if (fault != null) {
            throw fault;
        }
        return version;
    }

    boolean names(int number) {
        return version.equals(OptionalInt.of(number));
    }

    @Override
    public String toString() {
        return version.isPresent() ? "version " + version.getAsInt() : "none";
    }
}
