package io.hemline.serving.lifecycle;

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
public final class VersionLifecycles {

    private static final int KEPT = 32;

    private final Map<Integer, VersionLifecycle> byVersion = new ConcurrentSkipListMap<>();
    private final ModelGauges gauges;

    public VersionLifecycles(ModelGauges gauges) {
        this.gauges = requireNonNull(gauges, "gauges");
    }

    /** A new way of the version, in place of an earlier one. */
    VersionLifecycle begin(int version) {
        VersionLifecycle lifecycle = new VersionLifecycle(version, this::show);
        byVersion.put(version, lifecycle);
        forgetEnded();
        return lifecycle;
    }

    private void forgetEnded() {
        if (byVersion.size() <= KEPT) {
            return;
        }
        for (VersionLifecycle old : byVersion.values()) {
            if (old.ended()) {
                byVersion.remove(old.version());
                return;
            }
        }
    }

    /** All of them, ascending. */
    public Collection<VersionLifecycle> all() {
        return byVersion.values();
    }

    public @Nullable VersionLifecycle of(int version) {
        return byVersion.get(version);
    }

    /** Brings the gauges up to date. */
    public void show() {
        gauges.refresh(byVersion);
    }
}
