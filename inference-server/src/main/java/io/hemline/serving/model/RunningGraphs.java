package io.hemline.serving.model;

import ai.djl.MalformedModelException;
import ai.onnxruntime.OrtException;
import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.features.ImageEncoder;
import io.hemline.serving.features.Vocabulary;
import io.hemline.serving.forecast.ModelIdentity;
import io.hemline.store.Artifact;
import io.hemline.store.Manifest;
import io.hemline.store.Tensor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What computes the answers of one version: its two graphs, the batcher before the one and the lane before the other.
 *
 * <p>Thread-safe: all is set before it is shared; closing is the owner's, once.
 */
public final class RunningGraphs implements AutoCloseable {

    private final Artifact artifact;
    private final ModelIdentity identity;
    private final Vocabulary vocabulary;
    private final RowLayout layout;
    private final GraphSession forecaster;
    private final GraphSession imageEncoder;
    private final BatchSizes sizes;
    private final Batcher<Row, RowForecast> batcher;
    private final EncoderLane lane;
    private final List<ForecasterSession> sessions = new ArrayList<>();

    private RunningGraphs(
            Artifact artifact,
            GraphSession forecaster,
            GraphSession imageEncoder,
            BatchConfig config,
            IntConsumer batchSizeSeen) {
        Manifest manifest = artifact.manifest();
        this.artifact = artifact;
        this.identity = new ModelIdentity(artifact.model(), Integer.toString(artifact.version()), artifact.digest());
        this.vocabulary = new Vocabulary(manifest.vocabularies());
        this.layout = new RowLayout(manifest, vocabulary);
        this.forecaster = forecaster;
        this.imageEncoder = imageEncoder;
        this.sizes = BatchSizes.of(manifest.batchSizes(), config.maxSize());
        this.batcher =
                Batcher.start("hemline-inference", config, sizes, this::newSession, System::nanoTime, batchSizeSeen);
        this.lane = new EncoderLane(imageEncoder);
    }

    /** Loads both graphs and starts the threads. */
    static RunningGraphs open(Artifact artifact, BatchConfig config, IntConsumer batchSizeSeen)
            throws IOException, MalformedModelException, OrtException {
        GraphSession forecaster = GraphSession.open(artifact.forecaster());
        try {
            GraphSession encoder = GraphSession.open(artifact.imageEncoder());
            return new RunningGraphs(artifact, forecaster, encoder, config, batchSizeSeen);
        } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
            forecaster.close();
            throw e;
        }
    }

    private ForecasterSession newSession() {
        ForecasterSession session = new ForecasterSession(forecaster, layout, sizes);
        sessions.add(session);
        return session;
    }

    /** The version that is run. */
    public Artifact artifact() {
        return artifact;
    }

    /** The version's name in answers. */
    public ModelIdentity identity() {
        return identity;
    }

    /** The words that the version knows. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The lane of the images. */
    public ImageEncoder encoder() {
        return lane;
    }

    /** The sizes of the batches. */
    BatchSizes sizes() {
        return sizes;
    }

    RowLayout layout() {
        return layout;
    }

    Batcher<Row, RowForecast> batcher() {
        return batcher;
    }

    EncoderLane lane() {
        return lane;
    }

    /** Runs the forecaster graph on the calling thread. */
    List<Tensor> runForecaster(List<Tensor> inputs) {
        return forecaster.run(inputs);
    }

    /** Runs the image encoder graph on the calling thread. */
    List<Tensor> runImageEncoder(List<Tensor> inputs) {
        return imageEncoder.run(inputs);
    }

    /** A use of the forecaster by the calling thread, to be closed by it. */
    ForecasterSession forecasterSession() {
        return new ForecasterSession(forecaster, layout, sizes);
    }

    /** Finishes what is queued, ends the threads, then frees the graphs. */
    @Override
    public void close() {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(forecaster);
        opened.push(imageEncoder);
        sessions.forEach(opened::push);
        opened.push(batcher);
        opened.push(lane);
        Closing.all(opened);
    }

    @Override
    public String toString() {
        return batcher.toString();
    }
}
