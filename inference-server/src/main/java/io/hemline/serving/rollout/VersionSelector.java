package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.LiveVersions;
import io.hemline.serving.core.Question;
import io.hemline.serving.lifecycle.Lease;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which version answers what: the canary, while there is one, a share of the questions, the live one the rest.
 *
 * <p>Immutable; the slots are shared.
 */
public final class VersionSelector implements LiveVersions {

    private final Slot live;
    private final Slot canary;
    private final double share;

    public VersionSelector(Slot live, Slot canary, double share) {
        this.live = requireNonNull(live, "live");
        this.canary = requireNonNull(canary, "canary");
        this.share = share;
    }

    @Override
    public @Nullable LiveModel live() {
        return live.live();
    }

    @Override
    public @Nullable LiveModel canary() {
        return live.live() == null ? null : canary.live();
    }

    @Override
    public @Nullable LiveModel of(List<Question> questions) {
        LiveModel tried = canary();
        return tried != null && QuestionHash.unit(questions) < share ? tried : live();
    }

    /** A lease of the version that answers these questions, or nothing while no model is live. */
    @Nullable Lease lease(List<Question> questions) {
        if (canary() != null && QuestionHash.unit(questions) < share) {
            Lease lease = canary.lease();
            if (lease != null) {
                return lease;
            }
        }
        return live.lease();
    }

    @Override
    public String toString() {
        LiveModel tried = canary();
        return live + (tried == null ? "" : ", canary " + tried.identity().version());
    }
}
