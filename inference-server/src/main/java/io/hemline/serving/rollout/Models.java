package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.lifecycle.ChannelPolicy;
import io.hemline.serving.lifecycle.ChannelReconciler;
import io.hemline.serving.lifecycle.LatestScores;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.ModelGauges;
import io.hemline.serving.lifecycle.ModelLoader;
import io.hemline.serving.lifecycle.PromotionGate;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.lifecycle.StoreWatcher;
import io.hemline.serving.lifecycle.VersionLifecycle;
import io.hemline.serving.lifecycle.VersionLifecycles;
import io.hemline.serving.lifecycle.VersionPath;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
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
    private final Slots slots;
    private final VersionLifecycles lifecycles;
    private final VersionSelector versions;
    private final LatestScores board;
    private final ChannelReconciler primary;
    private final @Nullable ChannelReconciler canary;
    private final @Nullable ChannelReconciler shadow;
    private final ModelListing listing;
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
        this.slots = requireNonNull(slots, "slots");
        this.versions = requireNonNull(versions, "versions");
        this.judge = new CanaryJudge(config.canary());
        this.shadowRunner = requireNonNull(shadowRunner, "shadowRunner");
        this.lifecycles = new VersionLifecycles(new ModelGauges(meters, config.model(), slots.stable()));
        this.board = new LatestScores(slots.stable());
        DistributionSummary batchSize = DistributionSummary.builder("forecast.batch.size")
                .description("Rows of one batch")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32)
                .register(meters);
        PromotionGate gate =
                new PromotionGate(config.gate(), features.maxEmbeddingMismatch(), source, slots.stable(), meters);
        ModelLoader loader =
                new ModelLoader(store, config.model(), batch, encoder, source, gate, paths, board::publish, rows -> {
                    if (counting.getAsBoolean()) {
                        batchSize.record(rows);
                    }
                });
        this.primary = new ChannelReconciler(
                store,
                config.model(),
                config.channel(),
                slots.stable(),
                new ChannelPolicy.Primary(loader, lifecycles, slots.stable(), slots.canary()),
                lifecycles,
                meters);
        this.canary = config.canary().share() > 0 && config.channel() != Channel.CANARY
                ? secondary(Channel.CANARY, loader, slots.canary(), List.of(), meters)
                : null;
        this.shadow = shadowRunner.isOn()
                ? secondary(Channel.SHADOW, loader, slots.shadow(), List.of(slots.canary()), meters)
                : null;
        this.listing =
                new ModelListing(store, config, slots, lifecycles, primary, canary, shadow, shadowRunner::distances);
        this.watcher = new StoreWatcher(this::reconcile, config.poll());
    }

    private ChannelReconciler secondary(
            Channel channel, ModelLoader loader, Slot own, List<Slot> others, MeterRegistry meters) {
        return new ChannelReconciler(
                store,
                config.model(),
                channel,
                own,
                new ChannelPolicy.Secondary(loader, lifecycles, slots.stable(), others),
                lifecycles,
                meters);
    }

    /** Reconciles every slot with its channel, the stable one first. */
    private void reconcile() {
        try {
            primary.reconcile();
            if (canary != null) {
                LiveModel live = slots.stable().live();
                LiveModel candidate = slots.canary().live();
                if (live != null && candidate != null) {
                    judge.verdict(candidate.health(), live.health()).ifPresent(canary::abort);
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
        return slots.stable();
    }

    /** Chooses the version of each query. */
    public VersionSelector versions() {
        return versions;
    }

    /** The scores of all trends. */
    public LatestScores board() {
        return board;
    }

    /** The versions that were loaded or failed to load, ascending. */
    public Collection<VersionLifecycle> lifecycles() {
        return lifecycles.all();
    }

    /** Whether a model is live. */
    public boolean live() {
        return slots.stable().live() != null;
    }

    /** The versions that answer, if they are those that the store names; else none. */
    public SortedSet<Integer> settled() {
        LiveModel live = slots.stable().live();
        Integer desired = primary.desired();
        if (live == null || desired == null || desired != live.version()) {
            return Collections.emptySortedSet();
        }
        SortedSet<Integer> serving = new TreeSet<>(List.of(desired));
        LiveModel candidate = versions.canary();
        if (candidate != null) {
            serving.add(candidate.version());
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
    public ModelStatus status() {
        return listing.status();
    }

    /** Stops following the store, and closes the live model when its last lease is returned. */
    @Override
    public void close() {
        watcher.close();
        shadowRunner.close();
        try {
            Future.all(
                            slots.shadow().clear(),
                            slots.canary().clear(),
                            slots.stable().clear())
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
