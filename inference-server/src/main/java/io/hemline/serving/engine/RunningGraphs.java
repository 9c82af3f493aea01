package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchPlan;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.batch.Batcher.ThreadPool;
import io.hemline.serving.batch.QueueLimit;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.ImageEncoder;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Vocabulary;
import io.hemline.serving.engine.image.DecodingRoom;
import io.hemline.store.Artifact;
import io.vertx.core.Future;
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
    private final GraphPair graphs;
    private final BatchPlan plan;
    private final Batcher<Row, RowForecast> batcher;
    private final EncoderLane lane;
    private final GraphMetrics counts = GraphMetrics.ofThisProcess();
    private final List<ForecasterSession> sessions = new ArrayList<>();

    private RunningGraphs(
            GraphPair graphs,
            RowLayout layout,
            BatchPlan plan,
            QueueLimit limit,
            EncoderConfig encoder,
            EmbeddingCache embeddings,
            DecodingRoom room,
            IntConsumer batchSizeSeen) {
        this.artifact = graphs.artifact();
        this.identity = new ModelIdentity(artifact.model(), Integer.toString(artifact.version()), artifact.digest());
        this.vocabulary = layout.vocabulary();
        this.layout = layout;
        this.graphs = graphs;
        this.plan = plan;
        this.batcher = Batcher.start(
                new ThreadPool("hemline-inference", plan.threads(), Thread.NORM_PRIORITY),
                limit,
                plan.sizes(),
                this::newWork,
                System::nanoTime,
                batchSizeSeen);
        this.lane =
                new EncoderLane(graphs.imageEncoder(), artifact.manifest().encoderDigest(), embeddings, room, encoder);
    }

    /** Starts the threads over loaded graphs, which it owns from now on. */
    public static RunningGraphs start(
            GraphPair graphs,
            RowLayout layout,
            BatchPlan plan,
            QueueLimit limit,
            EncoderConfig encoder,
            EmbeddingCache embeddings,
            DecodingRoom room,
            IntConsumer batchSizeSeen) {
        return new RunningGraphs(graphs, layout, plan, limit, encoder, embeddings, room, batchSizeSeen);
    }

    private BatchWork<Row, RowForecast> newWork() {
        ForecasterSession session = newSession();
        return counts.batches(session, session.clock());
    }

    private ForecasterSession newSession() {
        ForecasterSession session = new ForecasterSession(graphs.forecaster(), artifact.manifest(), plan.sizes());
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

    /** How the forecaster is run. */
    public BatchPlan plan() {
        return plan;
    }

    /** The forecaster alone; whoever runs it holds a lease. */
    public GraphSession forecaster() {
        return graphs.forecaster();
    }

    public RowLayout layout() {
        return layout;
    }

    public Batcher<Row, RowForecast> batcher() {
        return batcher;
    }

    /** Queues rows for the forecaster, and tells nobody when they ran. */
    public Future<List<RowForecast>> forecast(List<Row> rows, long deadlineNanos) {
        return forecast(rows, deadlineNanos, RunListener.NONE);
    }

    /** Queues rows for the forecaster. */
    public Future<List<RowForecast>> forecast(List<Row> rows, long deadlineNanos, RunListener watch) {
        return counts.request(counts.now(), batcher.submit(rows, deadlineNanos, counts.queued(watch)));
    }

    public GraphMetrics counts() {
        return counts;
    }

    public EncoderLane lane() {
        return lane;
    }

    /** Finishes what is queued, ends the threads, then frees the graphs. */
    @Override
    public void close() {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(graphs);
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
