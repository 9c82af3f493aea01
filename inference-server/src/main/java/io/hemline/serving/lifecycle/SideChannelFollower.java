package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.engine.NativeHeap;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a slot beside the live one to the version that its channel names: only one that no other channel has live already,
 * only while a model is live, and never an older one instead.
 *
 * <p>Thread-safe: {@link #follow} is the watcher's alone; others read volatile references.
 */
public final class SideChannelFollower {

    private static final Logger log = LoggerFactory.getLogger(SideChannelFollower.class);

    private final ModelStore store;
    private final String model;
    private final Channel channel;
    private final Loading loading;
    private final Slot slot;
    private final IntPredicate taken;
    private final VersionLifecycles lifecycles;
    private final MeterRegistry meters;
    private final FailedStamps failed = new FailedStamps();
    private boolean aborted;
    private volatile @Nullable Integer wished;
    private volatile @Nullable String refusal;

    /**
     * A slot beside the live one.
     *
     * @param loading makes a version live
     * @param taken whether another slot has a version live already, or there is none to stand beside
     * @param lifecycles where the states of its versions are kept
     */
    public SideChannelFollower(
            ModelStore store,
            String model,
            Channel channel,
            Loading loading,
            Slot slot,
            IntPredicate taken,
            VersionLifecycles lifecycles,
            MeterRegistry meters) {
        this.store = requireNonNull(store, "store");
        this.model = requireNonNull(model, "model");
        this.channel = requireNonNull(channel, "channel");
        this.loading = requireNonNull(loading, "loading");
        this.slot = requireNonNull(slot, "slot");
        this.taken = requireNonNull(taken, "taken");
        this.lifecycles = requireNonNull(lifecycles, "lifecycles");
        this.meters = requireNonNull(meters, "meters");
    }

    /** What its channel named when it was last looked at. */
    public @Nullable Integer wished() {
        return wished;
    }

    /** Why the wished version is not, or no longer, tried. */
    public @Nullable String refusal() {
        return refusal;
    }

    /** Looks at the wish once and does what it takes. A store that cannot be read changes nothing. */
    public void follow() {
        try {
            OptionalInt wish = store.wished(model, channel);
            follow(wish.isPresent() ? (Integer) wish.getAsInt() : null);
        } catch (StoreException e) {
            log.debug("channel {} cannot be followed", channel.path(), e);
        }
    }

    private void follow(@Nullable Integer wish) {
        Integer before = wished;
        wished = wish;
        if (wish == null || !wish.equals(before)) {
            aborted = false;
            refusal = null;
        }
        if (wish == null || taken.test(wish)) {
            leave();
            return;
        }
        LiveModel tried = slot.live();
        if (!aborted && (tried == null || tried.version() != wish)) {
            load(wish);
        }
    }

    /** Takes the version out until its channel names another one. */
    public void abort(String why) {
        aborted = true;
        refusal = why;
        leave();
        meters.counter("model.swap", "outcome", "aborted").increment();
        log.warn("version {} of {} is {} no more: {}", wished, model, channel.path(), why);
    }

    private void leave() {
        if (slot.live() != null) {
            slot.clear();
        }
    }

    private void load(int version) {
        String stamp = store.stamp(model, version);
        if (failed.has(version, stamp)) {
            return;
        }
        try {
            slot.swap(loading.load(lifecycles.begin(version)));
            refusal = null;
            log.info("version {} of {} is {}", version, model, channel.path());
        } catch (LoadException e) {
            failed.add(version, stamp, e);
            NativeHeap.trim();
            leave();
            refuse(version, String.valueOf(e.getMessage()));
        }
    }

    /** Logs and counts a reason once, however often it is met. */
    private void refuse(int version, String why) {
        if (!why.equals(refusal)) {
            meters.counter("model.swap", "outcome", "failed").increment();
            log.warn("version {} of {} does not become {}: {}", version, model, channel.path(), why);
        }
        refusal = why;
    }

    /** From a lifecycle to a version that may answer. */
    @FunctionalInterface
    public interface Loading {

        LiveModel load(VersionLifecycle lifecycle) throws LoadException;
    }
}
