package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
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
final class Sideline {

    private static final Logger log = LoggerFactory.getLogger(Sideline.class);

    private final ModelStore store;
    private final String model;
    private final Channel channel;
    private final Loading loading;
    private final Slot slot;
    private final IntPredicate taken;
    private final Lifecycles lifecycles;
    private final MeterRegistry meters;
    private volatile @Nullable Integer wished;
    private volatile @Nullable String refusal;

    /**
     * A slot beside the live one.
     *
     * @param loading makes a version live
     * @param taken whether another slot has a version live already, or there is none to stand beside
     * @param lifecycles where the states of its versions are kept
     */
    Sideline(
            ModelStore store,
            String model,
            Channel channel,
            Loading loading,
            Slot slot,
            IntPredicate taken,
            Lifecycles lifecycles,
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
    @Nullable Integer wished() {
        return wished;
    }

    /** Why the wished version is not, or no longer, tried. */
    @Nullable String refusal() {
        return refusal;
    }

    /** Looks at the wish once and does what it takes. A store that cannot be read changes nothing. */
    void follow() {
        OptionalInt wish;
        try {
            wish = store.wished(model, channel);
        } catch (StoreException e) {
            log.debug("channel {} cannot be read", channel.path(), e);
            return;
        }
        Integer before = wished;
        Integer now = wish.isPresent() ? (Integer) wish.getAsInt() : null;
        wished = now;
        if (now == null || !now.equals(before)) {
            refusal = null;
        }
        LiveModel tried = slot.live();
        if (now == null || taken.test(now)) {
            leave();
        } else if (refusal == null && (tried == null || tried.version() != now)) {
            load(now);
        }
    }

    /** Takes the version out until its channel names another one. */
    void abort(String why) {
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
        try {
            slot.swap(loading.load(lifecycles.begin(version)));
            log.info("version {} of {} is {}", version, model, channel.path());
        } catch (LoadFailed e) {
            NativeHeap.trim();
            leave();
            refusal = Optional.ofNullable(e.getMessage()).orElse("it cannot be loaded");
            meters.counter("model.swap", "outcome", "failed").increment();
            log.warn("version {} of {} does not become {}: {}", version, model, channel.path(), e.getMessage());
        }
    }

    /** From a lifecycle to a version that may answer. */
    @FunctionalInterface
    interface Loading {

        LiveModel load(Lifecycle lifecycle) throws LoadFailed;
    }
}
