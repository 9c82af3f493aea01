package io.hemline.store;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One version as a listing shows it. Either created and digest are there or the reason why the manifest cannot be read;
 * only {@link ModelStore#verify} looks at the other files. Immutable.
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
