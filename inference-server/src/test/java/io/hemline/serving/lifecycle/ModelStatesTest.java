package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.SnapshotSource;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.testing.Snapshots;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The states of a version, step by step: the test calls the reconciler over a store with hooks before and after a
 * copy.
 */
class ModelStatesTest {

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<Path> copies = new CopyOnWriteArrayList<>();
    private final Slot slot = new Slot(false);
    private final VersionLifecycles lifecycles = new VersionLifecycles(new ModelGauges(meters, "trend", slot));
    private Runnable beforeCopying = () -> {};
    private Runnable afterCopying = () -> {};
    private Runnable whilePrefilling = () -> {};
    private ModelStore store;
    private ChannelReconciler reconciler;

    @BeforeEach
    void open() throws IOException {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        store = ModelStore.inFolder(folder.resolve("store"));
        FeatureSource source = SnapshotSource.read(Snapshots.write(folder.resolve("features.jsonl.gz"), ""));
        Forecaster unused = request -> Future.failedFuture("not to be asked");
        ModelLoader loader = new ModelLoader(
                hookedStore(),
                "trend",
                new BatchConfig(4, 1, 16, Duration.ofMinutes(1), Duration.ofMillis(1)),
                EncoderConfig.defaults(),
                source,
                new PromotionGate(StoreConfig.Gate.defaults(), 1, source, slot, meters),
                graphs -> {
                    recordStates();
                    return new VersionPath(
                            query -> Future.failedFuture("not asked"),
                            unused,
                            unused,
                            new EmptyCache(),
                            (before, deadlineNanos) -> {
                                whilePrefilling.run();
                                return 0;
                            },
                            new VersionHealth(System::nanoTime));
                },
                scores -> {},
                rows -> {});
        reconciler = new ChannelReconciler(
                store,
                "trend",
                Channel.STABLE,
                slot,
                new ChannelPolicy.Primary(loader, lifecycles, slot, new Slot(false)),
                lifecycles,
                meters);
    }

    @AfterEach
    void close() throws Exception {
        slot.clear().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void areShownByTheMetricInOrder() throws Exception {
        reconciler.reconcile();
        LiveModel first = requireNonNull(slot.live());
        Lease lease = requireNonNull(slot.lease());
        store.promote("trend", 2, Channel.STABLE);
        reconciler.reconcile();
        recordStates();
        lease.close();
        first.closed().toCompletionStage().toCompletableFuture().get();
        recordStates();

        assertThat(seen)
                .containsExactly(
                        "[1 loading]",
                        "[1 warming]",
                        "[1 live, 2 loading]",
                        "[1 live, 2 warming]",
                        "[1 draining, 2 live]",
                        "[1 closed, 2 live]");
    }

    @Test
    void aVersionThatDisappearsDuringLoadingFailsAndGoesLiveWhenItIsBack() throws Exception {
        reconciler.reconcile();
        store.promote("trend", 2, Channel.STABLE);
        Path version = folder.resolve("store").resolve("trend/versions/2");
        Path aside = folder.resolve("aside");
        beforeCopying = () -> move(version, aside);

        reconciler.reconcile();

        assertThat(requireNonNull(lifecycles.of(2)).moment().state()).isEqualTo(ModelState.FAILED);
        assertThat(requireNonNull(slot.live()).version()).isEqualTo(1);

        beforeCopying = () -> {};
        reconciler.reconcile();
        move(aside, version);
        reconciler.reconcile();

        assertThat(requireNonNull(slot.live()).version()).isEqualTo(2);
    }

    @Test
    void runTheBytesThatWereVerifiedWhateverIsWrittenOverTheFilesMeanwhile() throws Exception {
        Path version = folder.resolve("store").resolve("trend/versions/1");
        String digest = store.verify("trend", 1).digest();
        afterCopying = () -> {
            for (String name : List.of("forecaster.onnx", "image_encoder.onnx", "golden.json", "manifest.json")) {
                overwrite(version.resolve(name));
            }
        };

        reconciler.reconcile();

        assertThat(requireNonNull(slot.live()).identity().digest()).isEqualTo(digest);
        assertThat(privateFolders()).isEmpty();
    }

    @Test
    void leaveNoCopyBehindWhenTheyFail() throws Exception {
        afterCopying = () -> {
            throw new IllegalStateException("broken");
        };

        reconciler.reconcile();

        assertThat(requireNonNull(lifecycles.of(1)).moment().state()).isEqualTo(ModelState.FAILED);
        assertThat(privateFolders()).isEmpty();
    }

    @Test
    void aVersionGoesLiveAlsoIfPrefillingFails() {
        reconciler.reconcile();
        whilePrefilling = () -> {
            throw new IllegalStateException("broken");
        };
        store.promote("trend", 2, Channel.STABLE);

        reconciler.reconcile();

        assertThat(requireNonNull(slot.live()).version()).isEqualTo(2);
    }

    @Test
    void ofVersionsThatEndedOnlySomeAreRemembered() throws Exception {
        for (int version = 3; version < 103; version++) {
            TestServer.point(folder, version);
            reconciler.reconcile();
        }

        assertThat(lifecycles.all()).hasSizeLessThan(40);
        assertThat(lifecycles.of(102)).isNotNull();
        assertThat(rows().size()).isLessThan(40);
    }

    private void recordStates() {
        seen.add(rows().toString());
    }

    /** The rows of the metric {@code model_state}. */
    private Collection<String> rows() {
        TreeSet<String> rows = new TreeSet<>();
        for (Meter meter : meters.find("model.state").meters()) {
            rows.add(meter.getId().getTag("version") + " " + meter.getId().getTag("state"));
        }
        return rows;
    }

    /** The folders of copies that still exist. */
    private List<Path> privateFolders() {
        return copies.stream().filter(Files::exists).toList();
    }

    private static void overwrite(Path file) {
        try {
            Files.writeString(file, "something else");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The store with hooks before and after a version is copied. */
    private ModelStore hookedStore() {
        return (ModelStore) Proxy.newProxyInstance(
                ModelStore.class.getClassLoader(), new Class<?>[] {ModelStore.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("copy")) {
                        return invoke(method, arguments);
                    }
                    recordStates();
                    beforeCopying.run();
                    copies.add((Path) arguments[2]);
                    Object artifact = invoke(method, arguments);
                    afterCopying.run();
                    return artifact;
                });
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static final class EmptyCache implements AnswerCache {

        @Override
        public @Nullable CachedResponse lookup(String key) {
            return null;
        }

        @Override
        public long generation() {
            return 0;
        }

        @Override
        public void put(String key, CachedResponse response, long generation) {}

        @Override
        public void evict(String market, Collection<String> hashtags) {}

        @Override
        public Size size() {
            return new Size(0, 0, 0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
