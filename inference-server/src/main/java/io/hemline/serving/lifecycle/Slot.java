package io.hemline.serving.lifecycle;

import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Holds a live model. A swap is one change of a reference.
 *
 * <p>Thread-safe: {@code live} is atomic.
 */
public final class Slot {

    private final AtomicReference<@Nullable LiveModel> live = new AtomicReference<>();
    private final boolean scoring;

    /**
     * An empty slot.
     *
     * @param scoring whether a model that goes live here scores all trends for the board
     */
    public Slot(boolean scoring) {
        this.scoring = scoring;
    }

    /** A lease of the live model, or {@code null} if there is none. */
    public @Nullable Lease lease() {
        while (true) {
            LiveModel model = live.get();
            if (model == null) {
                return null;
            }
            Lease lease = model.lease();
            if (lease != null) {
                return lease;
            }
            // The model was retired between the two reads; its successor is in the slot by now.
        }
    }

    /** The live model, which may be retired by the time that the caller uses it. */
    public @Nullable LiveModel live() {
        return live.get();
    }

    /** Whether this version is live. */
    boolean holds(int version) {
        LiveModel model = live.get();
        return model != null && model.version() == version;
    }

    /** Makes the model live and retires the previous one; completes when that one is closed. */
    Future<Void> swap(LiveModel next) {
        next.enterLive(scoring);
        LiveModel previous = live.getAndSet(next);
        return previous == null ? Future.succeededFuture() : previous.retire();
    }

    /** Removes and returns the model, still running, if it is that version. */
    @Nullable LiveModel take(int version) {
        LiveModel model = live.get();
        return model != null && model.version() == version && live.compareAndSet(model, null) ? model : null;
    }

    /** Retires the model and leaves the slot empty; completes when the model is closed. */
    public Future<Void> clear() {
        LiveModel previous = live.getAndSet(null);
        return previous == null ? Future.succeededFuture() : previous.retire();
    }

    @Override
    public String toString() {
        LiveModel model = live.get();
        return model == null ? "no model" : model.toString();
    }
}
