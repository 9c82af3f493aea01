package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Artifact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version's way through the states, for whoever wants to know; tells of each step.
 *
 * <p>Thread-safe: one volatile reference to an immutable moment; written by the loader, then by the live model's owner.
 */
public final class VersionLifecycle {

    private final int version;
    private final Runnable changed;
    private volatile Moment moment = new Moment(ModelState.NEW, Instant.now(), null);
    private volatile @Nullable Artifact artifact;

    VersionLifecycle(int version, Runnable changed) {
        this.version = version;
        this.changed = requireNonNull(changed, "changed");
    }

    /** The version. */
    public int version() {
        return version;
    }

    /** The state it is in now, since when, and why if it failed. */
    public Moment moment() {
        return moment;
    }

    /** What was verified, absent before that. */
    public @Nullable Artifact artifact() {
        return artifact;
    }

    void verified(Artifact verified) {
        artifact = verified;
    }

    void enter(ModelState next) {
        move(next, null);
    }

    void fail(String reason) {
        move(ModelState.FAILED, reason);
    }

    private void move(ModelState next, @Nullable String reason) {
        synchronized (this) {
            ModelState now = moment.state();
            if (next.compareTo(now) <= 0 || (next == ModelState.FAILED && now.compareTo(ModelState.LIVE) >= 0)) {
                throw new IllegalStateException("version " + version + ": from " + now + " to " + next);
            }
            moment = new Moment(next, Instant.now(), reason);
        }
        changed.run();
    }

    /** Whether nothing can come any more. */
    public boolean ended() {
        return moment.state().compareTo(ModelState.CLOSED) >= 0;
    }

    /**
     * One state.
     *
     * @param state it is in
     * @param since when
     * @param reason why it failed, absent otherwise
     */
    public record Moment(
            ModelState state, Instant since, @Nullable String reason) {}
}
