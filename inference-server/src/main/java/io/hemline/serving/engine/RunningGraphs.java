package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.batch.Calibration.BatchPlan;
import io.hemline.serving.batch.Reservation;
import io.hemline.serving.batch.ThreadPool;
import io.hemline.serving.core.Closing;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Vocabulary;
import io.hemline.serving.engine.GraphSession.GraphPair;
import io.hemline.serving.engine.QueuedImageEncoder.SharedResources;
import io.hemline.serving.engine.Row.RowForecast;
import io.hemline.store.Artifact;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The running graphs of one version: the forecaster behind a batcher, and the image encoder behind a queue.
 *
 * <p>Thread-safe: fields are set before it is shared, and the batcher and the encoder are thread-safe. The owner closes
 * it once.
 */
public final class RunningGraphs implements AutoCloseable {

    private final ModelIdentity identity;
    private final RowLayout layout;
    private final GraphPair graphs;
    private final BatchPlan plan;
    private final Batcher<Row, RowForecast> batcher;
    private final QueuedImageEncoder encoder;
    private final GraphMetrics metrics = GraphMetrics.create();
    private final List<ForecasterSession> sessions = new ArrayList<>();

    private RunningGraphs(
            GraphPair graphs,
            RowLayout layout,
            BatchPlan plan,
            QueueLimit limit,
            SharedResources encoderResources,
            IntConsumer batchSizeRecorder) {
        Artifact artifact = graphs.artifact();
        this.identity = new ModelIdentity(artifact.model(), Integer.toString(artifact.version()), artifact.digest());
        this.layout = layout;
        this.graphs = graphs;
        this.plan = plan;
        this.batcher = Batcher.start(
                new ThreadPool("hemline-inference", plan.threads(), Thread.NORM_PRIORITY),
                limit,
                plan.sizes(),
                this::newWork,
                System::nanoTime,
                batchSizeRecorder);
        this.encoder = new QueuedImageEncoder(
                graphs.imageEncoder(), artifact.manifest().encoderDigest(), encoderResources);
    }

    /** Starts the threads; takes ownership of the graphs. */
    public static RunningGraphs start(
            GraphPair graphs,
            RowLayout layout,
            BatchPlan plan,
            QueueLimit limit,
            SharedResources encoderResources,
            IntConsumer batchSizeRecorder) {
        return new RunningGraphs(graphs, layout, plan, limit, encoderResources, batchSizeRecorder);
    }

    private BatchWork<Row, RowForecast> newWork() {
        ForecasterSession session = new ForecasterSession(graphs.forecaster(), layout.manifest(), plan.sizes());
        sessions.add(session);
        return metrics.timed(session, session.timer());
    }

    public Artifact artifact() {
        return graphs.artifact();
    }

    /** The version as answers name it. */
    public ModelIdentity identity() {
        return identity;
    }

    /** The version's attribute values. */
    public Vocabulary vocabulary() {
        return layout.vocabulary();
    }

    public QueuedImageEncoder encoder() {
        return encoder;
    }

    /** Batch sizes and threads of the forecaster. */
    public BatchPlan plan() {
        return plan;
    }

    /** The forecaster graph itself; callers must hold a lease during a run. */
    public GraphSession forecaster() {
        return graphs.forecaster();
    }

    public RowLayout layout() {
        return layout;
    }

    public Batcher<Row, RowForecast> batcher() {
        return batcher;
    }

    /** Queues rows for the forecaster. */
    public Future<List<RowForecast>> forecast(List<Row> rows, long deadlineNanos) {
        return metrics.counted(metrics.now(), batcher.submit(rows, deadlineNanos, metrics.listener(RunListener.NONE)));
    }

    /** Queues admitted rows for the forecaster; the listener receives the times of their runs. */
    Future<List<RowForecast>> forecast(Reservation<Row, RowForecast> places, List<Row> rows, RunListener listener) {
        return metrics.counted(metrics.now(), places.submit(rows, metrics.listener(listener)));
    }

    /** Counters of the forecaster graph. */
    public GraphMetrics metrics() {
        return metrics;
    }

    /** Runs the queued rows and images, ends the threads, then frees the graphs. */
    @Override
    public void close() {
        Deque<AutoCloseable> resources = new ArrayDeque<>();
        resources.push(graphs);
        sessions.forEach(resources::push);
        resources.push(batcher);
        resources.push(encoder);
        Closing.all(resources);
    }

    @Override
    public String toString() {
        return batcher.toString();
    }
}
