package io.hemline.serving.http;

import io.hemline.serving.forecast.LiveVersion;
import io.hemline.serving.forecast.LiveVersions;
import org.jspecify.annotations.Nullable;

/**
 * A remembered answer, and whose it is. A version may remember an answer to a question that by now is another one's to
 * answer; that is none.
 *
 * <p>Immutable.
 */
record Recall(LiveVersion version, WrittenAnswer answer) {

    /** The answer under that name, by the version that its questions belong to. */
    static @Nullable Recall of(LiveVersions versions, String name) {
        LiveVersion live = versions.live();
        LiveVersion canary = versions.canary();
        Recall found = of(live, name);
        if (canary == null || (found != null && found.isTheirs(versions))) {
            return found;
        }
        Recall other = of(canary, name);
        return other != null && other.isTheirs(versions) ? other : null;
    }

    private static @Nullable Recall of(@Nullable LiveVersion version, String name) {
        return version != null && version.memory().ready(name) instanceof WrittenAnswer answer
                ? new Recall(version, answer)
                : null;
    }

    private boolean isTheirs(LiveVersions versions) {
        return versions.of(answer.questions()) == version;
    }
}
