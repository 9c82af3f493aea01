package io.hemline.serving.http;

import io.hemline.serving.core.LiveVersion;
import io.hemline.serving.core.LiveVersions;
import org.jspecify.annotations.Nullable;

/**
 * A remembered answer, and whose it is. A version may remember an answer to a question that by now is another one's to
 * answer; that is none.
 *
 * <p>Immutable.
 */
public record CacheLookup(LiveVersion version, StoredResponse answer) {

    /** The answer under that name, by the version that its questions belong to. */
    public static @Nullable CacheLookup of(LiveVersions versions, String name) {
        LiveVersion live = versions.live();
        LiveVersion canary = versions.canary();
        CacheLookup found = of(live, name);
        if (canary == null || (found != null && found.isTheirs(versions))) {
            return found;
        }
        CacheLookup other = of(canary, name);
        return other != null && other.isTheirs(versions) ? other : null;
    }

    private static @Nullable CacheLookup of(@Nullable LiveVersion version, String name) {
        return version != null && version.memory().ready(name) instanceof StoredResponse answer
                ? new CacheLookup(version, answer)
                : null;
    }

    private boolean isTheirs(LiveVersions versions) {
        return versions.of(answer.questions()) == version;
    }
}
