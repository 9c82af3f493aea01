package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycles of all versions that were loaded, by number and for any channel; of those that ended, only the
 * greatest are kept.
 *
 * <p>Thread-safe: the map is concurrent; {@link #begin} is confined to the watcher's thread.
 */
public final class VersionLifecycles {

    private static final int MAX_ENTRIES = 32;

    private final Map<Integer, VersionLifecycle> byVersion = new ConcurrentSkipListMap<>();
    private final ModelGauges gauges;

    public VersionLifecycles(ModelGauges gauges) {
        this.gauges = requireNonNull(gauges, "gauges");
    }

    /** Starts a new lifecycle of the version, in place of an earlier one. */
    VersionLifecycle begin(int version) {
        VersionLifecycle lifecycle = new VersionLifecycle(version, this::show);
        byVersion.put(version, lifecycle);
        evictEnded();
        return lifecycle;
    }

    private void evictEnded() {
        if (byVersion.size() <= MAX_ENTRIES) {
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

    /** Updates the gauges. */
    public void show() {
        gauges.refresh(byVersion);
    }
}
