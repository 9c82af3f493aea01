package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The ways of all versions that were touched, by number, whatever channel they were touched for; of those that ended, only the
 * greatest are kept.
 *
 * <p>Thread-safe: the map is concurrent; {@link #begin} is the watcher's alone.
 */
final class Lifecycles {

    private static final int KEPT = 32;

    private final Map<Integer, Lifecycle> byVersion = new ConcurrentSkipListMap<>();
    private final ModelGauges gauges;

    Lifecycles(ModelGauges gauges) {
        this.gauges = requireNonNull(gauges, "gauges");
    }

    /** A new way of the version, in place of an earlier one. */
    Lifecycle begin(int version) {
        Lifecycle lifecycle = new Lifecycle(version, this::show);
        byVersion.put(version, lifecycle);
        forgetEnded();
        return lifecycle;
    }

    private void forgetEnded() {
        if (byVersion.size() <= KEPT) {
            return;
        }
        for (Lifecycle old : byVersion.values()) {
            if (old.ended()) {
                byVersion.remove(old.version());
                return;
            }
        }
    }

    /** All of them, ascending. */
    Collection<Lifecycle> all() {
        return byVersion.values();
    }

    @Nullable Lifecycle of(int version) {
        return byVersion.get(version);
    }

    /** Brings the gauges up to date. */
    void show() {
        gauges.refresh(byVersion);
    }
}
