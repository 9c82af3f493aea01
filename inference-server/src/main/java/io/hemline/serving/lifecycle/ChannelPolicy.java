package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.lifecycle.ModelLoader.LoadException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a slot follows its channel: which versions it may hold, and how a version becomes ready for it. */
public sealed interface ChannelPolicy {

    /**
     * Whether the slot must serve some version. A required slot keeps its model until another one replaces it, and
     * falls back to an older version rather than stay empty; any other slot is emptied when its channel's version
     * cannot be live.
     */
    boolean required();

    /** Whether the slot may hold this version now. */
    boolean admits(int version);

    /** Loads the version, checked by the gate and calibrated. */
    LiveModel ready(int version) throws LoadException;

    /**
     * The slot that answers requests. A canary that becomes the desired version moves here unchanged, warm and with
     * its cache.
     */
    record Primary(ModelLoader loader, VersionLifecycles lifecycles, Slot slot, Slot canary) implements ChannelPolicy {

        private static final Logger log = LoggerFactory.getLogger(ChannelPolicy.class);
        private static final Duration PREFILL = Duration.ofSeconds(2);

        public Primary {
            requireNonNull(loader, "loader");
            requireNonNull(lifecycles, "lifecycles");
            requireNonNull(slot, "slot");
            requireNonNull(canary, "canary");
        }

        @Override
        public boolean required() {
            return true;
        }

        @Override
        public boolean admits(int version) {
            return true;
        }

        @Override
        public LiveModel ready(int version) throws LoadException {
            LiveModel promoted = canary.take(version);
            LiveModel next = promoted == null ? loader.load(lifecycles.begin(version)) : promoted;
            prefill(next);
            return next;
        }

        /** Computes the most requested forecasts in advance; skipped for a rollback, which is urgent. */
        private void prefill(LiveModel next) {
            LiveModel live = slot.live();
            if (live == null || live.version() > next.version()) {
                return;
            }
            try {
                int trends = next.prefill(live, System.nanoTime() + PREFILL.toNanos());
                log.debug("version {} computed the forecasts of {} trends in advance", next.version(), trends);
            } catch (RuntimeException e) {
                // Prefilling only saves time later; a version that is ready goes live all the same.
                log.warn("version {} goes live with an empty cache", next.version(), e);
            }
        }
    }

    /**
     * A slot other than the primary one: it holds only a version that no other slot serves, and only while a model is
     * live.
     */
    record Secondary(ModelLoader loader, VersionLifecycles lifecycles, Slot primary, List<Slot> others)
            implements ChannelPolicy {

        public Secondary {
            requireNonNull(loader, "loader");
            requireNonNull(lifecycles, "lifecycles");
            requireNonNull(primary, "primary");
            others = List.copyOf(others);
        }

        @Override
        public boolean required() {
            return false;
        }

        @Override
        public boolean admits(int version) {
            return primary.live() != null
                    && !primary.holds(version)
                    && others.stream().noneMatch(o -> o.holds(version));
        }

        @Override
        public LiveModel ready(int version) throws LoadException {
            return loader.load(lifecycles.begin(version));
        }
    }
}
