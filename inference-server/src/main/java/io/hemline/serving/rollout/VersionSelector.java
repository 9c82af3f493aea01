package io.hemline.serving.rollout;

import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.lifecycle.StoreConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the version that answers: the canary, while there is one, for a share of the questions, the stable one for
 * the rest. The same questions always go to the same version, for every client.
 *
 * <p>Immutable; the slots are shared.
 */
public final class VersionSelector implements ResponseLookup {

    private final Slot live;
    private final Slot canary;
    private final double share;

    public VersionSelector(Slots slots, StoreConfig.Canary config) {
        this.live = slots.stable();
        this.canary = slots.canary();
        this.share = config.share();
    }

    /** The version that answers all questions not assigned to the canary; {@code null} while no model is live. */
    public @Nullable LiveModel live() {
        return live.live();
    }

    /** The version that answers a share of the questions; {@code null} while there is none. */
    public @Nullable LiveModel canary() {
        return live.live() == null ? null : canary.live();
    }

    /** Whether clients are answered by these graphs now. */
    public boolean serves(RunningGraphs graphs) {
        return runs(live(), graphs) || runs(canary(), graphs);
    }

    private static boolean runs(@Nullable LiveModel model, RunningGraphs graphs) {
        return model != null && model.graphs() == graphs;
    }

    /** A lease of the version that answers these questions, or nothing while no model is live. */
    @Nullable Lease lease(List<Question> questions) {
        if (canary() != null && isForCanary(questions)) {
            Lease lease = canary.lease();
            if (lease != null) {
                return lease;
            }
        }
        return live.lease();
    }

    private boolean isForCanary(List<Question> questions) {
        return QuestionHash.unit(questions) < share;
    }

    /**
     * The key does not contain the questions, but the response does. So both versions are looked up, and a response to
     * questions that are now assigned to the other version is ignored.
     */
    @Override
    public @Nullable Hit lookup(String requestKey) {
        LiveModel stable = live();
        LiveModel candidate = canary();
        Hit found = lookup(stable, requestKey);
        if (candidate == null || (found != null && !isForCanary(found.response().questions()))) {
            return found;
        }
        Hit other = lookup(candidate, requestKey);
        return other != null && isForCanary(other.response().questions()) ? other : null;
    }

    private static @Nullable Hit lookup(@Nullable LiveModel version, String requestKey) {
        CachedResponse response = version == null ? null : version.cache().lookup(requestKey);
        return version == null || response == null ? null : new Hit(version, response);
    }

    @Override
    public String toString() {
        LiveModel candidate = canary();
        return live
                + (candidate == null ? "" : ", canary " + candidate.identity().version());
    }
}
