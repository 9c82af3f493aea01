package io.hemline.serving.rollout;

import io.hemline.serving.lifecycle.ChannelReconciler;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.lifecycle.VersionLifecycle;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.lifecycle.VersionLifecycles;
import io.hemline.serving.rollout.ModelStatus.SideVersion;
import io.hemline.serving.rollout.ModelStatus.VersionStatus;
import io.hemline.store.Artifact;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.hemline.store.StoredVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lists the versions of the store, and those that this server loaded or failed to load.
 *
 * <p>Immutable; its parts are thread-safe.
 */
record ModelListing(
        ModelStore store,
        StoreConfig config,
        Slots slots,
        VersionLifecycles lifecycles,
        ChannelReconciler primary,
        @Nullable ChannelReconciler canary,
        @Nullable ChannelReconciler shadow,
        Supplier<ShadowReport.@Nullable Distances> distances) {

    /** Reads the store. */
    ModelStatus status() {
        Map<Integer, VersionStatus> versions = new TreeMap<>();
        String storeProblem = null;
        try {
            for (StoredVersion stored : store.versions(config.model())) {
                versions.put(stored.version(), status(stored, lifecycles.of(stored.version())));
            }
        } catch (StoreException e) {
            storeProblem = e.getMessage();
        }
        Integer desired = primary.desired();
        for (VersionLifecycle lifecycle : lifecycles.all()) {
            if (!lifecycle.ended() || Integer.valueOf(lifecycle.version()).equals(desired)) {
                // The store may lack a version that is live here, or one that its channel names.
                versions.computeIfAbsent(lifecycle.version(), version -> status(missing(lifecycle), lifecycle));
            }
        }
        LiveModel live = slots.stable().live();
        return new ModelStatus(
                config.model(),
                config.channel().path(),
                desired,
                live == null ? null : live.version(),
                storeProblem == null ? primary.storeProblem() : storeProblem,
                canary == null ? null : sideVersion(canary, slots.canary()),
                shadow == null ? null : sideVersion(shadow, slots.shadow()),
                distances.get(),
                config.canary().share(),
                new ArrayList<>(versions.values()));
    }

    private static @Nullable SideVersion sideVersion(ChannelReconciler reconciler, Slot slot) {
        Integer desired = reconciler.desired();
        LiveModel live = slot.live();
        return desired == null
                ? null
                : new SideVersion(desired, live == null ? null : live.version(), reconciler.rejection());
    }

    private @Nullable LiveModel running(int version) {
        for (Slot slot : List.of(slots.stable(), slots.canary(), slots.shadow())) {
            LiveModel live = slot.live();
            if (live != null && live.version() == version) {
                return live;
            }
        }
        return null;
    }

    private static StoredVersion missing(VersionLifecycle lifecycle) {
        Artifact artifact = lifecycle.artifact();
        Instant created = artifact == null ? null : artifact.manifest().created();
        return new StoredVersion(lifecycle.version(), Set.of(), created, null, null);
    }

    private VersionStatus status(StoredVersion stored, @Nullable VersionLifecycle lifecycle) {
        LiveModel live = running(stored.version());
        Artifact artifact = lifecycle == null ? null : lifecycle.artifact();
        List<String> channels = stored.channels().stream()
                .map(channel -> channel.path())
                .sorted()
                .toList();
        return new VersionStatus(
                stored.version(),
                channels,
                artifact == null ? stored.digest() : artifact.digest(),
                stored.created() == null ? null : stored.created().toString(),
                lifecycle == null
                        ? new VersionLifecycle.Moment(ModelState.NEW, Instant.EPOCH, stored.unreadable())
                        : lifecycle.moment(),
                live == null ? null : ModelStatus.Batching.of(live.graphs().plan()),
                live == null ? null : live.health().lastMinuteOfAll(),
                live == null ? null : live.cache().size());
    }
}
