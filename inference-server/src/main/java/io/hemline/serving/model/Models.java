package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.forecast.Forecaster;
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
 * The served model in all its versions: the slot, the watcher that fills it, and what can be told of both.
 *
 * <p>Thread-safe: as its parts are.
 */
public final class Models implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Models.class);
    private static final long CLOSE_SECONDS = 60;

    private final ModelStore store;
    private final StoreConfig config;
    private final Slot slot = new Slot(true);
    private final Slot canarySlot = new Slot(false);
    private final Slot shadowSlot = new Slot(false);
    private final Lifecycles lifecycles;
    private final Channels channels;
    private final LatestScores board;
    private final Swapper swapper;
    private final @Nullable Sideline canary;
    private final @Nullable Sideline shadow;
    private final CanaryJudge judge;
    private final ShadowLane lane;
    private final StoreWatcher watcher;

    public Models(
            ModelStore store,
            StoreConfig config,
            BatchConfig batch,
            EncoderConfig encoder,
            FeatureSource source,
            double maxEmbeddingMismatch,
            Steps steps,
            BooleanSupplier counting,
            MeterRegistry meters) {
        this.store = requireNonNull(store, "store");
        this.config = requireNonNull(config, "config");
        this.channels = new Channels(slot, canarySlot, config.canary().share());
        this.judge = new CanaryJudge(config.canary());
        this.lane = new ShadowLane(slot, shadowSlot, config.shadow(), () -> new ShadowReport(meters, System::nanoTime));
        this.lifecycles = new Lifecycles(new ModelGauges(meters, config.model(), slot));
        this.board = new LatestScores(slot);
        DistributionSummary batchSize = DistributionSummary.builder("forecast.batch.size")
                .description("Rows of one batch")
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32)
                .register(meters);
        PromotionGate gate = new PromotionGate(config.gate(), maxEmbeddingMismatch, source, slot, meters);
        Loader loader = new Loader(store, config.model(), batch, encoder, source, gate, steps, board::publish, rows -> {
            if (counting.getAsBoolean()) {
                batchSize.record(rows);
            }
        });
        this.swapper = new Swapper(store, config, loader, slot, canarySlot, lifecycles, meters);
        this.canary = config.canary().share() > 0 && config.channel() != Channel.CANARY
                ? sideline(Channel.CANARY, loader, canarySlot, List.of(slot), meters)
                : null;
        this.shadow = config.shadow().load() > 0 && config.channel() != Channel.SHADOW
                ? sideline(Channel.SHADOW, loader, shadowSlot, List.of(slot, canarySlot), meters)
                : null;
        this.watcher = new StoreWatcher(this::look, config.poll());
    }

    private Sideline sideline(Channel channel, Loader loader, Slot own, List<Slot> others, MeterRegistry meters) {
        return new Sideline(
                store,
                config.model(),
                channel,
                loader::load,
                own,
                wish -> slot.live() == null || others.stream().anyMatch(other -> answers(other, wish)),
                lifecycles,
                meters);
    }

    private static boolean answers(Slot slot, int version) {
        LiveModel live = slot.live();
        return live != null && live.version() == version;
    }

    /** Brings every slot to what its channel wishes: first the one that all else stands beside. */
    private void look() {
        try {
            swapper.follow();
            LiveModel live = slot.live();
            LiveModel tried = canarySlot.live();
            if (canary != null) {
                if (live != null && tried != null) {
                    judge.verdict(tried.conduct(), live.conduct()).ifPresent(canary::abort);
                }
                canary.follow();
            }
            if (shadow != null) {
                shadow.follow();
            }
        } finally {
            lifecycles.show();
        }
    }

    /** Starts to follow the store, and returns when the first look is done. */
    public void start() throws InterruptedException {
        lane.start();
        watcher.start();
    }

    /** Where the live model stands. */
    public Slot slot() {
        return slot;
    }

    /** Which version answers what. */
    public Channels channels() {
        return channels;
    }

    /** The step that hands copies of what the steps below compute to the shadow. */
    public Forecaster shadowed(Forecaster next) {
        return shadow == null ? next : new ShadowedForecaster(next, lane);
    }

    /** The scores of all trends. */
    public LatestScores board() {
        return board;
    }

    /** The versions that were touched, ascending. */
    Collection<Lifecycle> lifecycles() {
        return lifecycles.all();
    }

    /** Whether a model is live. */
    public boolean live() {
        return slot.live() != null;
    }

    /** The versions that answer, if they are those that the store wishes; else none. */
    public SortedSet<Integer> settled() {
        LiveModel live = slot.live();
        Integer wished = swapper.wished();
        boolean settled = live != null && wished != null && wished == live.version();
        if (!settled) {
            return Collections.emptySortedSet();
        }
        SortedSet<Integer> versions = new TreeSet<>(List.of(wished));
        LiveModel tried = channels.canary();
        if (tried != null) {
            versions.add(tried.version());
        }
        return versions;
    }

    /** The store that is followed. */
    public ModelStore store() {
        return store;
    }

    /** What is followed in it. */
    public StoreConfig config() {
        return config;
    }

    /** What the store wishes and what is live; reads the store. */
    public Listing listing() {
        LiveModel live = slot.live();
        Map<Integer, Listing.VersionStatus> versions = new TreeMap<>();
        String complaint = null;
        try {
            for (StoredVersion stored : store.versions(config.model())) {
                versions.put(stored.version(), status(stored, lifecycles.of(stored.version())));
            }
        } catch (StoreException e) {
            complaint = e.getMessage();
        }
        Integer wished = swapper.wished();
        for (Lifecycle touched : lifecycles()) {
            if (!touched.ended() || Integer.valueOf(touched.version()).equals(wished)) {
                // The store may have lost what answers here, or never had what it wishes.
                versions.computeIfAbsent(touched.version(), version -> status(absent(touched), touched));
            }
        }
        return new Listing(
                config.model(),
                config.channel().path(),
                wished,
                live == null ? null : live.version(),
                complaint == null ? swapper.trouble() : complaint,
                canary == null ? null : tried(canary, canarySlot),
                shadow == null ? null : tried(shadow, shadowSlot),
                lane.distances(),
                config.canary().share(),
                new ArrayList<>(versions.values()));
    }

    private static Listing.@Nullable Tried tried(Sideline sideline, Slot own) {
        Integer wished = sideline.wished();
        LiveModel live = own.live();
        return wished == null
                ? null
                : new Listing.Tried(wished, live == null ? null : live.version(), sideline.refusal());
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

    private static StoredVersion absent(Lifecycle touched) {
        Artifact artifact = touched.artifact();
        Instant created = artifact == null ? null : artifact.manifest().created();
        return new StoredVersion(touched.version(), Set.of(), created, null, null);
    }

    private Listing.VersionStatus status(StoredVersion stored, @Nullable Lifecycle lifecycle) {
        LiveModel live = running(stored.version());
        Artifact artifact = lifecycle == null ? null : lifecycle.artifact();
        List<String> channels = stored.channels().stream()
                .map(channel -> channel.path())
                .sorted()
                .toList();
        return new Listing.VersionStatus(
                stored.version(),
                channels,
                artifact == null ? stored.digest() : artifact.digest(),
                stored.created() == null ? null : stored.created().toString(),
                lifecycle == null
                        ? new Lifecycle.Moment(ModelState.NEW, Instant.EPOCH, stored.unreadable())
                        : lifecycle.moment(),
                live != null ? Listing.Batching.of(live.graphs().plan()) : null,
                live != null ? live.latency().lastMinute() : null,
                live != null ? live.memory().size() : null);
    }

    /** Follows the store no more, and closes the live model when its last lease is back. */
    @Override
    public void close() {
        watcher.close();
        lane.close();
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
