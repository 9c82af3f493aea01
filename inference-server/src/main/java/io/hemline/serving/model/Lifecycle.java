package io.hemline.serving.model;

import io.hemline.store.Artifact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version's way through the states, for whoever wants to know.
 *
 * <p>Thread-safe: one volatile reference to an immutable moment; written by the loader, then by the live model's owner.
 */
public final class Lifecycle {

    private final int version;
    private volatile Moment moment = new Moment(ModelState.NEW, Instant.now(), null);
    private volatile @Nullable Artifact artifact;

    Lifecycle(int version) {
        this.version = version;
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
    @Nullable Artifact artifact() {
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

    private synchronized void move(ModelState next, @Nullable String reason) {
        if (next.compareTo(moment.state()) <= 0) {
            throw new IllegalStateException("version " + version + ": from " + moment.state() + " to " + next);
        }
        moment = new Moment(next, Instant.now(), reason);
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
