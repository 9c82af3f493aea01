package io.hemline.serving.model;

import static java.util.Objects.requireNonNull;

import ai.djl.MalformedModelException;
import ai.onnxruntime.OrtException;
import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.Vocabulary;
import io.hemline.serving.forecast.TrendBoard.Scores;
import io.hemline.store.Artifact;
import io.hemline.store.ArtifactRejected;
import io.hemline.store.Golden;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import io.hemline.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * From a version in the store to a model that is ready to answer: verify, load, prove, warm.
 *
 * <p>Immutable.
 */
final class Loader {

    private final ModelStore store;
    private final String model;
    private final BatchConfig batch;
    private final FeatureSource source;
    private final Steps steps;
    private final Consumer<Scores> scored;
    private final IntConsumer batchSizeSeen;

    Loader(
            ModelStore store,
            String model,
            BatchConfig batch,
            FeatureSource source,
            Steps steps,
            Consumer<Scores> scored,
            IntConsumer batchSizeSeen) {
        this.store = requireNonNull(store, "store");
        this.model = requireNonNull(model, "model");
        this.batch = requireNonNull(batch, "batch");
        this.source = requireNonNull(source, "source");
        this.steps = requireNonNull(steps, "steps");
        this.scored = requireNonNull(scored, "scored");
        this.batchSizeSeen = requireNonNull(batchSizeSeen, "batchSizeSeen");
    }

    /** The version, warm; its lifecycle is told each step, also the failure. */
    LiveModel load(Lifecycle lifecycle) throws LoadFailed {
        try {
            lifecycle.enter(ModelState.LOADING);
            Artifact artifact = verified(lifecycle.version());
            lifecycle.verified(artifact);
            return proven(artifact, lifecycle);
        } catch (LoadFailed e) {
            lifecycle.fail(requireNonNull(e.getMessage()));
            throw e;
        } catch (RuntimeException | LinkageError e) {
            // A native library that does not fit this machine ends here as well.
            LoadFailed failed = new LoadFailed("cannot be loaded: " + rootOf(e), true, e);
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

    private Artifact verified(int version) throws LoadFailed {
        try {
            return store.verify(model, version);
        } catch (ArtifactRejected e) {
            throw new LoadFailed(e.reason(), true, e);
        } catch (StoreException e) {
            throw new LoadFailed(requireNonNull(e.getMessage()), false, e);
        }
    }

    private LiveModel proven(Artifact artifact, Lifecycle lifecycle) throws LoadFailed {
        GraphPair graphs = opened(artifact);
        RowLayout layout;
        BatchSizes sizes;
        try {
            Golden golden = artifact.golden();
            Manifest manifest = artifact.manifest();
            prove("forecaster", golden.forecaster(), graphs.forecaster(), manifest);
            prove("image encoder", golden.imageEncoder(), graphs.imageEncoder(), manifest);
            lifecycle.enter(ModelState.WARMING);
            layout = new RowLayout(manifest, new Vocabulary(manifest.vocabularies()));
            sizes = WarmUp.run(graphs.forecaster(), layout, BatchSizes.of(manifest.batchSizes(), batch.maxSize()));
        } catch (LoadFailed e) {
            graphs.close();
            throw e;
        } catch (RuntimeException e) {
            graphs.close();
            throw new LoadFailed("cannot be run: " + e.getMessage(), true, e);
        }
        return started(RunningGraphs.start(graphs, layout, sizes, batch, batchSizeSeen), lifecycle);
    }

    private LiveModel started(RunningGraphs running, Lifecycle lifecycle) throws LoadFailed {
        try {
            Steps.Nest nest = steps.over(running);
            TrendScorer scorer = new TrendScorer(running.identity(), nest.uncached(), source, scored);
            return new LiveModel(running, nest.outermost(), scorer, lifecycle);
        } catch (RuntimeException e) {
            running.close();
            throw new LoadFailed("cannot be served: " + e.getMessage(), true, e);
        }
    }

    private static GraphPair opened(Artifact artifact) throws LoadFailed {
        try {
            return GraphPair.open(artifact);
        } catch (IOException e) {
            throw new LoadFailed("cannot be read: " + e.getMessage(), false, e);
        } catch (MalformedModelException | OrtException | RuntimeException e) {
            throw new LoadFailed("ONNX Runtime cannot load it: " + rootOf(e).getMessage(), true, e);
        }
    }

    private static void prove(String graph, List<Golden.Case> cases, GraphSession session, Manifest manifest)
            throws LoadFailed {
        for (int i = 0; i < cases.size(); i++) {
            Golden.Case golden = cases.get(i);
            Optional<String> difference = golden.difference(session.run(golden.request()), manifest.tolerance());
            if (difference.isPresent()) {
                throw new LoadFailed("golden answer " + i + " of the " + graph + ": " + difference.get(), true, null);
            }
        }
    }
}
