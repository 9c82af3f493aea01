package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.engine.EncoderConfig;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.lifecycle.ChannelPolicy;
import io.hemline.serving.lifecycle.ChannelReconciler;
import io.hemline.serving.lifecycle.LatestScores;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.ModelGauges;
import io.hemline.serving.lifecycle.ModelLoader;
import io.hemline.serving.lifecycle.ModelState;
import io.hemline.serving.lifecycle.PromotionGate;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.lifecycle.StoreWatcher;
import io.hemline.serving.lifecycle.VersionLifecycle;
import io.hemline.serving.lifecycle.VersionLifecycles;
import io.hemline.serving.lifecycle.VersionPath;
import io.hemline.store.Artifact;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import io.hemline.store.StoredVersion;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The served model in all its versions: the slots, the watcher that fills them, and their status.
 *
 * <p>Thread-safe: its parts are.
 */
public final class Models implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Models.class);
    private static final long CLOSE_SECONDS = 60;

    private final ModelStore store;
    private final StoreConfig config;
    private final Slot slot;
    private final Slot canarySlot;
    private final Slot shadowSlot;
    private final VersionLifecycles lifecycles;
    private final VersionSelector versions;
    private final LatestScores board;
    private final ChannelReconciler swapper;
    private final @Nullable ChannelReconciler canary;
    private final @Nullable ChannelReconciler shadow;
    private final CanaryJudge judge;
    private final ShadowRunner shadowRunner;
    private final StoreWatcher watcher;

    public Models(
            ModelStore store,
            StoreConfig config,
            BatchConfig batch,
            EncoderConfig encoder,
            FeaturesConfig features,
            FeatureSource source,
            Slots slots,
            VersionSelector versions,
            ShadowRunner shadowRunner,
            VersionPath.Factory paths,
            BooleanSupplier counting,
            MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.store = requireNonNull(store, "store");
        this.slot = slots.stable();
        this.canarySlot = slots.canary();
        this.shadowSlot = slots.shadow();
        this.versions = requireNonNull(versions, "versions");
        this.judge = new CanaryJudge(config.canary());
        this.shadowRunner = requireNonNull(shadowRunner, "shadowRunner");
        this.lifecycles = new VersionLifecycles(new ModelGauges(meters, config.model(), slot));
        this.board = new LatestScores(slot);
        DistributionSummary batchSize = DistributionSummary.builder("forecast.batch.size")
                .description("Rows of one batch")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32)
                .register(meters);
        PromotionGate gate = new PromotionGate(config.gate(), features.maxEmbeddingMismatch(), source, slot, meters);
        ModelLoader loader =
                new ModelLoader(store, config.model(), batch, encoder, source, gate, paths, board::publish, rows -> {
                    if (counting.getAsBoolean()) {
                        batchSize.record(rows);
                    }
                });
        this.swapper = new ChannelReconciler(
                store,
                config.model(),
                config.channel(),
                slot,
                new ChannelPolicy.Primary(loader, lifecycles, slot, canarySlot),
                lifecycles,
                meters);
        this.canary = config.canary().share() > 0 && config.channel() != Channel.CANARY
                ? sideline(Channel.CANARY, loader, canarySlot, List.of(), meters)
                : null;
        this.shadow =
                shadowRunner.isOn() ? sideline(Channel.SHADOW, loader, shadowSlot, List.of(canarySlot), meters) : null;
        this.watcher = new StoreWatcher(this::look, config.poll());
    }

    private ChannelReconciler sideline(
            Channel channel, ModelLoader loader, Slot own, List<Slot> others, MeterRegistry meters) {
        return new ChannelReconciler(
                store,
                config.model(),
                channel,
                own,
                new ChannelPolicy.Secondary(loader, lifecycles, slot, others),
                lifecycles,
                meters);
    }

    /** Reconciles every slot with its channel, the stable one first. */
    private void look() {
        try {
            swapper.reconcile();
            LiveModel live = slot.live();
            LiveModel tried = canarySlot.live();
            if (canary != null) {
                if (live != null && tried != null) {
                    judge.verdict(tried.health(), live.health()).ifPresent(canary::abort);
                }
                canary.reconcile();
            }
            if (shadow != null) {
                shadow.reconcile();
            }
        } finally {
            lifecycles.show();
        }
    }

    /** Starts to follow the store, and returns after the first reconciliation. */
    public void start() throws InterruptedException {
        shadowRunner.start();
        watcher.start();
    }

    /** The slot of the live model. */
    public Slot slot() {
        return slot;
    }

    /** Chooses the version of each query. */
    public VersionSelector versions() {
        return versions;
    }

    /** The scores of all trends. */
    public LatestScores board() {
        return board;
    }

    /** The versions that were loaded or tried, ascending. */
    public Collection<VersionLifecycle> lifecycles() {
        return lifecycles.all();
    }

    /** Whether a model is live. */
    public boolean live() {
        return slot.live() != null;
    }

    /** The versions that answer, if they are those that the store names; else none. */
    public SortedSet<Integer> settled() {
        LiveModel live = slot.live();
        Integer wished = swapper.desired();
        boolean settled = live != null && wished != null && wished == live.version();
        if (!settled) {
            return Collections.emptySortedSet();
        }
        SortedSet<Integer> serving = new TreeSet<>(List.of(wished));
        LiveModel tried = versions.canary();
        if (tried != null) {
            serving.add(tried.version());
        }
        return serving;
    }

    /** The store that is followed. */
    public ModelStore store() {
        return store;
    }

    /** The model and channels that are followed. */
    public StoreConfig config() {
        return config;
    }

    /** The status of all versions; reads the store. */
    public ModelStatus listing() {
        LiveModel live = slot.live();
        Map<Integer, ModelStatus.VersionStatus> states = new TreeMap<>();
        String complaint = null;
        try {
            for (StoredVersion stored : store.versions(config.model())) {
                states.put(stored.version(), status(stored, lifecycles.of(stored.version())));
            }
        } catch (StoreException e) {
            complaint = e.getMessage();
        }
        Integer wished = swapper.desired();
        for (VersionLifecycle touched : lifecycles()) {
            if (!touched.ended() || Integer.valueOf(touched.version()).equals(wished)) {
                // The store may lack a version that is live here, or one that its channel names.
                states.computeIfAbsent(touched.version(), version -> status(absent(touched), touched));
            }
        }
        return new ModelStatus(
                config.model(),
                config.channel().path(),
                wished,
                live == null ? null : live.version(),
                complaint == null ? swapper.storeProblem() : complaint,
                canary == null ? null : tried(canary, canarySlot),
                shadow == null ? null : tried(shadow, shadowSlot),
                shadowRunner.distances(),
                config.canary().share(),
                new ArrayList<>(states.values()));
    }

    private static ModelStatus.@Nullable Tried tried(ChannelReconciler sideline, Slot own) {
        Integer wished = sideline.desired();
        LiveModel live = own.live();
        return wished == null
                ? null
                : new ModelStatus.Tried(wished, live == null ? null : live.version(), sideline.rejection());
    }

    private @Nullable LiveModel running(int version) {
        for (Slot each : List.of(slot, canarySlot, shadowSlot)) {
            LiveModel live = each.live();
            if (live != null && live.version() == version) {
                return live;
            }
        }
        return null;
    }

    private static StoredVersion absent(VersionLifecycle touched) {
        Artifact artifact = touched.artifact();
        Instant created = artifact == null ? null : artifact.manifest().created();
        return new StoredVersion(touched.version(), Set.of(), created, null, null);
    }

    private ModelStatus.VersionStatus status(StoredVersion stored, @Nullable VersionLifecycle lifecycle) {
        LiveModel live = running(stored.version());
        Artifact artifact = lifecycle == null ? null : lifecycle.artifact();
        List<String> channels = stored.channels().stream()
                .map(channel -> channel.path())
                .sorted()
                .toList();
        return new ModelStatus.VersionStatus(
                stored.version(),
                channels,
                artifact == null ? stored.digest() : artifact.digest(),
                stored.created() == null ? null : stored.created().toString(),
                lifecycle == null
                        ? new VersionLifecycle.Moment(ModelState.NEW, Instant.EPOCH, stored.unreadable())
                        : lifecycle.moment(),
                live != null ? ModelStatus.Batching.of(live.graphs().plan()) : null,
                live != null ? live.health().lastMinuteOfAll() : null,
                live != null ? live.cache().size() : null);
    }

    /** Stops following the store, and closes the live model when its last lease is returned. */
    @Override
    public void close() {
        watcher.close();
        shadowRunner.close();
        try {
            Future.all(shadowSlot.clear(), canarySlot.clear(), slot.clear())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("interrupted while the models closed");
        } catch (ExecutionException | TimeoutException e) {
            log.error("the models could not be closed", e);
        }
    }
}
