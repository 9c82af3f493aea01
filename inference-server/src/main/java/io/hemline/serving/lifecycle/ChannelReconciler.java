package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.engine.NativeHeap;
import io.hemline.serving.lifecycle.ModelLoader.LoadException;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.hemline.store.StoredVersion;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles one slot with the version that its channel's pointer names.
 *
 * <p>Thread-safe: {@link #reconcile} and {@link #abort} are confined to the watcher's thread; the other methods read
 * volatile references.
 */
public final class ChannelReconciler {

    /*
     * Each pass compares the desired version with the live one and reacts to no event, so repeating a pass is
     * harmless. A version that fails is recorded with the stamp of its files, and is not loaded again while it stays
     * desired and its files stay the same.
     */
    private static final Logger log = LoggerFactory.getLogger(ChannelReconciler.class);

    private final ModelStore store;
    private final String model;
    private final Channel channel;
    private final Slot slot;
    private final ChannelPolicy policy;
    private final VersionLifecycles lifecycles;
    private final MeterRegistry meters;
    private final FailedVersions failed = new FailedVersions();
    private final Set<String> reported = new HashSet<>();
    private boolean aborted;
    private volatile @Nullable Integer desired;
    private volatile @Nullable String storeProblem;
    private volatile @Nullable String rejection;

    public ChannelReconciler(
            ModelStore store,
            String model,
            Channel channel,
            Slot slot,
            ChannelPolicy policy,
            VersionLifecycles lifecycles,
            MeterRegistry meters) {
        this.store = requireNonNull(store, "store");
        this.model = requireNonNull(model, "model");
        this.channel = requireNonNull(channel, "channel");
        this.slot = requireNonNull(slot, "slot");
        this.policy = requireNonNull(policy, "policy");
        this.lifecycles = requireNonNull(lifecycles, "lifecycles");
        this.meters = requireNonNull(meters, "meters");
    }

    /** The version that the pointer named when it was last read. */
    public @Nullable Integer desired() {
        return desired;
    }

    /** Why a required slot's pointer could not be read in the last pass, or {@code null} if it could. */
    public @Nullable String storeProblem() {
        return storeProblem;
    }

    /** Why the desired version failed to load or was aborted, or {@code null} if neither. */
    public @Nullable String rejection() {
        return rejection;
    }

    /** Reads the pointer once and brings the slot to the version that it names. */
    public void reconcile() {
        try {
            OptionalInt pointer = store.desired(model, channel);
            if (pointer.isEmpty() && policy.required()) {
                reportStoreProblem("channel " + channel.path() + " of " + model + " in store " + store + " is not set");
                return;
            }
            reconcile(pointer.isPresent() ? (Integer) pointer.getAsInt() : null);
            storeProblem = null;
        } catch (StoreException e) {
            storeFailed(e);
        } finally {
            lifecycles.show();
        }
    }

    /** Empties the slot until the pointer names another version. */
    public void abort(String reason) {
        aborted = true;
        rejection = reason;
        clear();
        count("aborted");
        log.warn("version {} of {} is {} no longer: {}", desired, model, channel.path(), reason);
    }

    private void reconcile(@Nullable Integer version) {
        if (!Objects.equals(version, desired)) {
            desiredChangedTo(version);
        }
        if (version == null || !policy.admits(version)) {
            clear();
            return;
        }
        if (slot.holds(version)) {
            reported.clear();
            return;
        }
        if (!aborted && !swapTo(version, "success") && policy.required() && slot.live() == null) {
            fallBackBelow(version);
        }
    }

    private void desiredChangedTo(@Nullable Integer version) {
        desired = version;
        aborted = false;
        rejection = null;
        reported.clear();
        if (version != null) {
            failed.remove(version);
        }
    }

    private void fallBackBelow(int version) {
        for (StoredVersion older : store.versions(model)) {
            if (older.version() < version && swapTo(older.version(), "fallback")) {
                log.warn(
                        "version {} of {} is desired and cannot be served; version {} is live instead",
                        version,
                        model,
                        older.version());
                return;
            }
        }
    }

    /** Serves the version that was last desired if the slot would otherwise stay empty. */
    private void storeFailed(StoreException failure) {
        if (!policy.required()) {
            log.debug("channel {} cannot be read", channel.path(), failure);
            return;
        }
        meters.counter("model.store.failures").increment();
        reportStoreProblem(failure.getMessage());
        if (slot.live() != null) {
            return;
        }
        try {
            store.lastKnown(model, channel).ifPresent(version -> {
                if (swapTo(version, "fallback")) {
                    log.warn("the store cannot be read; version {}, which was desired last, is live", version);
                }
            });
        } catch (StoreException e) {
            warnOnce(e.getMessage());
        }
    }

    private boolean swapTo(int version, String outcome) {
        String stamp = store.stamp(model, version);
        if (failed.contains(version, stamp)) {
            return false;
        }
        long start = System.nanoTime();
        try {
            LiveModel next = policy.ready(version);
            slot.swap(next);
            if (policy.required()) {
                count(outcome);
            }
            failed.remove(version);
            reported.clear();
            reject(version, null);
            log.info(
                    "version {} of {} is live on {} after {} ms, digest {}",
                    version,
                    model,
                    channel.path(),
                    (System.nanoTime() - start) / 1_000_000,
                    next.identity().digest());
            return true;
        } catch (LoadException e) {
            failed.add(version, stamp, e);
            NativeHeap.trim();
            if (!policy.required()) {
                clear();
            }
            String reason = String.valueOf(e.getMessage());
            reject(version, reason);
            LiveModel live = slot.live();
            if (warnOnce("version " + version + " of " + model + " does not go live on " + channel.path() + ": "
                    + reason + (live == null ? "" : "; version " + live.version() + " stays"))) {
                count("failed");
                log.debug("why version {} failed", version, e);
            }
            return false;
        }
    }

    private void reject(int version, @Nullable String reason) {
        if (Integer.valueOf(version).equals(desired)) {
            rejection = reason;
        }
    }

    private void clear() {
        if (slot.live() != null) {
            slot.clear();
        }
    }

    private void reportStoreProblem(String problem) {
        storeProblem = problem;
        warnOnce(problem);
    }

    /** Logs a message unless it was logged since the last change; returns whether it did. */
    private boolean warnOnce(String message) {
        boolean first = reported.add(message);
        if (first) {
            log.warn("{}", message);
        }
        return first;
    }

    private void count(String outcome) {
        meters.counter("model.swap", "outcome", outcome).increment();
    }

    /** Versions whose load failed for good, with the stamp of their files. Confined to the watcher's thread. */
    private static final class FailedVersions {

        private static final int MAX_ENTRIES = 32;

        private final Map<Integer, String> stamps = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, String> eldest) {
                return size() > MAX_ENTRIES;
            }
        };

        boolean contains(int version, String stamp) {
            return stamp.equals(stamps.get(version));
        }

        void add(int version, String stamp, LoadException failure) {
            if (failure.lasting()) {
                stamps.put(version, stamp);
            }
        }

        void remove(int version) {
            stamps.remove(version);
        }
    }
}
