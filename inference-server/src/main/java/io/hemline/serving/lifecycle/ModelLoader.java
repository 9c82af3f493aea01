package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Calibration;
import io.hemline.serving.batch.Calibration.BatchPlan;
import io.hemline.serving.core.TrendBoard.Scores;
import io.hemline.serving.engine.ForecasterTrial;
import io.hemline.serving.engine.GraphSession;
import io.hemline.serving.engine.GraphSession.GraphPair;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.engine.QueuedImageEncoder.SharedResources;
import io.hemline.serving.engine.RowLayout;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.store.Artifact;
import io.hemline.store.ArtifactRejected;
import io.hemline.store.Golden;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import io.hemline.store.PrivateFolder;
import io.hemline.store.StoreException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a version in the store into a model that is ready to answer: copy, verify, load, pass the gate, calibrate.
 *
 * <p>Confined to the watcher's thread.
 */
public final class ModelLoader {

    private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

    private final ModelStore store;
    private final String model;
    private final BatchConfig batch;
    private final SharedResources encoderResources;
    private final FeatureSource source;
    private final PromotionGate gate;
    private final VersionPath.Factory paths;
    private final Consumer<Scores> scored;
    private final IntConsumer batchSizeSeen;

    /** The number of inference threads that calibration chose; 0 before the first version was measured. */
    private int threads;

    public ModelLoader(
            ModelStore store,
            String model,
            BatchConfig batch,
            EncoderConfig encoder,
            FeatureSource source,
            PromotionGate gate,
            VersionPath.Factory paths,
            Consumer<Scores> scored,
            IntConsumer batchSizeSeen) {
        this.store = requireNonNull(store, "store");
        this.model = requireNonNull(model, "model");
        this.batch = requireNonNull(batch, "batch");
        this.encoderResources = new SharedResources(encoder);
        this.source = requireNonNull(source, "source");
        this.gate = requireNonNull(gate, "gate");
        this.paths = requireNonNull(paths, "paths");
        this.scored = requireNonNull(scored, "scored");
        this.batchSizeSeen = requireNonNull(batchSizeSeen, "batchSizeSeen");
    }

    /** The version, calibrated; its lifecycle records each step and a failure. */
    public LiveModel load(VersionLifecycle lifecycle) throws LoadException {
        try {
            lifecycle.enter(ModelState.LOADING);
            return loadFromCopy(lifecycle);
        } catch (LoadException e) {
            lifecycle.fail(requireNonNull(e.getMessage()));
            throw e;
        } catch (RuntimeException | LinkageError e) {
            // A LinkageError means that a native library does not fit this machine.
            LoadException failed = new LoadException("cannot be loaded: " + rootOf(e), true, e);
            lifecycle.fail(requireNonNull(failed.getMessage()));
            throw failed;
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /**
     * Loads the version from a copy that no other user can write to, so that the verified bytes are the bytes that
     * run. ONNX Runtime needs no file once the graphs are loaded.
     */
    private LiveModel loadFromCopy(VersionLifecycle lifecycle) throws LoadException {
        try (PrivateFolder folder = privateFolder()) {
            Artifact artifact = copy(lifecycle.version(), folder);
            lifecycle.verified(artifact);
            return load(artifact, lifecycle);
        }
    }

    private static PrivateFolder privateFolder() throws LoadException {
        try {
            return PrivateFolder.make();
        } catch (StoreException e) {
            throw new LoadException(requireNonNull(e.getMessage()), false, e);
        }
    }

    private Artifact copy(int version, PrivateFolder folder) throws LoadException {
        try {
            return store.copy(model, version, folder.path());
        } catch (ArtifactRejected e) {
            throw new LoadException(e.reason(), true, e);
        } catch (StoreException e) {
            throw new LoadException(requireNonNull(e.getMessage()), false, e);
        }
    }

    private LiveModel load(Artifact artifact, VersionLifecycle lifecycle) throws LoadException {
        GraphPair graphs = open(artifact);
        RowLayout layout;
        BatchPlan plan;
        try {
            Golden golden = artifact.golden();
            Manifest manifest = artifact.manifest();
            layout = new RowLayout(manifest);
            BatchSizes allowed = BatchSizes.of(manifest.batchSizes(), batch.maxSize());
            gate.check(graphs, golden, layout, allowed);
            lifecycle.enter(ModelState.WARMING);
            plan = calibrate(graphs.forecaster(), layout, allowed);
            log.info("version {} of {}: {}", artifact.version(), artifact.model(), plan);
        } catch (LoadException e) {
            graphs.close();
            throw e;
        } catch (RuntimeException e) {
            graphs.close();
            throw new LoadException("cannot be run: " + e.getMessage(), true, e);
        }
        return start(
                RunningGraphs.start(graphs, layout, plan, batch.queueLimit(), encoderResources, batchSizeSeen),
                lifecycle);
    }

    /**
     * Measures the version. Only before the first version goes live is the machine idle enough to measure the best
     * number of threads. Later versions reuse that number, which depends on the machine more than on the model,
     * and are measured on one thread.
     */
    private BatchPlan calibrate(GraphSession forecaster, RowLayout layout, BatchSizes allowed) {
        boolean first = threads == 0;
        try (ForecasterTrial trial = new ForecasterTrial(forecaster, layout, allowed, !first)) {
            Calibration calibration = new Calibration(trial, System::nanoTime, batch.calibration());
            if (!first || batch.threads() > 0) {
                threads = first ? batch.threads() : threads;
                return calibration.onThreads(allowed, threads);
            }
            BatchPlan plan = calibration.upToThreads(allowed, batch.maxThreads());
            threads = plan.threads();
            return plan;
        }
    }

    private LiveModel start(RunningGraphs running, VersionLifecycle lifecycle) throws LoadException {
        try {
            VersionPath path = paths.of(running);
            TrendScorer scorer = new TrendScorer(running.identity(), path.computing(), source, scored);
            return new LiveModel(running, path, scorer, lifecycle);
        } catch (RuntimeException e) {
            running.close();
            throw new LoadException("cannot be served: " + e.getMessage(), true, e);
        }
    }

    private static GraphPair open(Artifact artifact) throws LoadException {
        try {
            return GraphPair.open(artifact);
        } catch (OrtException | RuntimeException e) {
            throw new LoadException("ONNX Runtime cannot load it: " + rootOf(e).getMessage(), true, e);
        }
    }

    /** A version cannot go live. The message is one sentence with the reason. */
    public static final class LoadException extends Exception {

        private static final long serialVersionUID = 1;

        private final boolean lasting;

        LoadException(String message, boolean lasting, @Nullable Throwable cause) {
            super(message, cause);
            this.lasting = lasting;
        }

        /** Whether the same bytes would fail again. */
        boolean lasting() {
            return lasting;
        }
    }
}
