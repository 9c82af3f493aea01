package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Artifact;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state of one version; runs a callback at each change.
 *
 * <p>Thread-safe: one volatile reference to an immutable moment; {@code this} guards its changes.
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

    /** The current state, its start, and the reason of a failure. */
    public Moment moment() {
        return moment;
    }

    /** The verified artifact, {@code null} before verification. */
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

    /** Whether the state is final. */
    public boolean ended() {
        return moment.state().compareTo(ModelState.CLOSED) >= 0;
    }

    /**
     * One state from its start.
     *
     * @param reason of a failure, {@code null} in any other state
     */
    public record Moment(
            ModelState state, Instant since, @Nullable String reason) {}

    /** The states of a version in this server, in order; a version never goes back to an earlier one. */
    public enum ModelState {
        /** Known, not loaded. */
        NEW,
        /** Being verified, loaded and checked by the promotion gate. */
        LOADING,
        /** Running calibration batches. */
        WARMING,
        /** Answering requests. */
        LIVE,
        /** Answering only the requests that hold a lease. */
        DRAINING,
        /** Closed, its memory released. */
        CLOSED,
        /** Rejected before it was live. */
        FAILED;

        /** The name in listings and metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
