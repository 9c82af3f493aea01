package io.hemline.store;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One version in a listing. It has either a creation time and a digest or the reason why its manifest cannot be read;
 * only {@link ModelStore#verify} reads the other files. Immutable.
 */
public record StoredVersion(
        int version,
        Set<Channel> channels,
        @Nullable Instant created,
        @Nullable String digest,
        @Nullable String unreadable) {

    public StoredVersion {
        channels = Set.copyOf(channels);
    }
}
