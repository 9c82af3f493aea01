package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.engine.NativeHeap;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.hemline.store.StoredVersion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the slot to the version that the store wishes live.
 *
 * <p>Thread-safe: {@link #follow} is the watcher's alone; others read the volatile wish and trouble.
 */
public final class ChannelFollower {

    /*
     * It looks at the wish and not at events, so looking again never does harm. A version that fails is remembered with
     * the stamp of its files: as long as it is wished and its files stay the same it is not tried again. With an empty
     * slot, as at the start, the greatest older version that passes is better than none. A canary that is wished live is
     * taken over as it stands, warm and with what it remembers.
     */
    private static final Logger log = LoggerFactory.getLogger(ChannelFollower.class);

    private static final Duration PREFILL = Duration.ofSeconds(2);

    private final ModelStore store;
    private final StoreConfig config;
    private final ModelLoader loader;
    private final Slot slot;
    private final Slot canary;
    private final MeterRegistry meters;
    private final VersionLifecycles lifecycles;
    private final FailedStamps failed = new FailedStamps();
    private final Set<String> complaints = new HashSet<>();
    private volatile @Nullable Integer wished;
    private volatile @Nullable String trouble;

    public ChannelFollower(
            ModelStore store,
            StoreConfig config,
            ModelLoader loader,
            Slot slot,
            Slot canary,
            VersionLifecycles lifecycles,
            MeterRegistry meters) {
        this.store = requireNonNull(store, "store");
        this.config = requireNonNull(config, "config");
        this.loader = requireNonNull(loader, "loader");
        this.slot = requireNonNull(slot, "slot");
        this.canary = requireNonNull(canary, "canary");
        this.meters = requireNonNull(meters, "meters");
        this.lifecycles = requireNonNull(lifecycles, "lifecycles");
    }

    /** What the store wished when it was last looked at. */
    public @Nullable Integer wished() {
        return wished;
    }

    /** Why the wish could not be read when it was last looked for, or nothing. */
    public @Nullable String trouble() {
        return trouble;
    }

    /** Looks at the wish once and does what it takes. */
    public void follow() {
        try {
            OptionalInt wish = store.wished(config.model(), config.channel());
            if (wish.isEmpty()) {
                troubled("no version of " + config.model() + " is wished live: channel "
                        + config.channel().path() + " of store " + config.url() + " is not set");
                return;
            }
            follow(wish.getAsInt());
            trouble = null;
        } catch (StoreException e) {
            meters.counter("model.store.failures").increment();
            troubled(requireNonNull(e.getMessage()));
            followMemory();
        } finally {
            lifecycles.show();
        }
    }

    /** With nothing live and a store that cannot be read, what was last wished is better than none. */
    private void followMemory() {
        if (slot.live() != null) {
            return;
        }
        try {
            store.remembered(config.model(), config.channel()).ifPresent(wish -> {
                if (swapTo(wish, "fallback")) {
                    log.warn("the store cannot be read; version {}, which was wished last, is live", wish);
                }
            });
        } catch (StoreException e) {
            complain(requireNonNull(e.getMessage()));
        }
    }

    private void follow(int wish) {
        Integer before = wished;
        if (before == null || before != wish) {
            failed.forget(wish);
            complaints.clear();
        }
        wished = wish;
        LiveModel live = slot.live();
        if (live != null && live.version() == wish) {
            complaints.clear();
            return;
        }
        if (!swapTo(wish, "success") && slot.live() == null) {
            fallBack(wish);
        }
    }

    private void fallBack(int wish) {
        for (StoredVersion older : store.versions(config.model())) {
            if (older.version() < wish && swapTo(older.version(), "fallback")) {
                log.warn(
                        "version {} of {} is wished and cannot be served; version {} is live instead",
                        wish,
                        config.model(),
                        older.version());
                return;
            }
        }
    }

    private boolean swapTo(int version, String outcome) {
        String stamp = store.stamp(config.model(), version);
        if (failed.has(version, stamp)) {
            return false;
        }
        long start = System.nanoTime();
        try {
            LiveModel tried = canary.take(version);
            LiveModel next = tried == null ? loader.load(lifecycles.begin(version)) : tried;
            prefill(next);
            slot.swap(next);
            count(outcome);
            failed.forget(version);
            complaints.clear();
            log.info(
                    "version {} of {} is live after {} ms, digest {}",
                    version,
                    config.model(),
                    (System.nanoTime() - start) / 1_000_000,
                    next.identity().digest());
            return true;
        } catch (LoadException e) {
            failed.add(version, stamp, e);
            NativeHeap.trim();
            LiveModel live = slot.live();
            if (complain("version " + version + " of " + config.model() + " does not go live: " + e.getMessage()
                    + (live == null ? "" : "; version " + live.version() + " stays"))) {
                count("failed");
                log.debug("why version {} failed", version, e);
            }
            return false;
        }
    }

    /** Answers in advance what is asked most. Not on the way back to an older version, which is wished at once. */
    private void prefill(LiveModel next) {
        LiveModel live = slot.live();
        if (live == null || live.version() > next.version()) {
            return;
        }
        try {
            int trends = next.prefill(live, System.nanoTime() + PREFILL.toNanos());
            log.debug("version {} answered {} trends in advance", next.version(), trends);
        } catch (RuntimeException e) {
            // It only saves time later; a version that is ready must not be lost, with its sessions, for that.
            log.warn("version {} goes live without answers in advance", next.version(), e);
        }
    }

    private void troubled(String what) {
        trouble = what;
        complain(what);
    }

    /** Logs what is wrong once, however often it is seen. */
    private boolean complain(String what) {
        if (!complaints.add(what)) {
            return false;
        }
        log.warn("{}", what);
        return true;
    }

    private void count(String outcome) {
        meters.counter("model.swap", List.of(Tag.of("outcome", outcome))).increment();
    }
}
