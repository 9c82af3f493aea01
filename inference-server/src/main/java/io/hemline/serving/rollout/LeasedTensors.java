package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.BatchedForecaster.ShedMetrics;
import io.hemline.serving.engine.ImageJob;
import io.hemline.serving.engine.RowTensors;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.lifecycle.LiveModel.Lease;
import io.hemline.serving.lifecycle.Slot;
import io.hemline.serving.lifecycle.VersionLifecycle;
import io.hemline.serving.lifecycle.VersionLifecycle.ModelState;
import io.hemline.serving.tensors.ModelStatistics;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.serving.tensors.TensorModels;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.serving.tensors.TensorModels.IndexEntry.State;
import io.hemline.serving.tensors.TensorModels.Inference;
import io.hemline.store.Manifest;
import io.hemline.store.Tensor;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the live version's two graphs on tensors, each request under a lease: the forecaster by the name of the model, the
 * image encoder by that name and {@code -image-encoder}. Tensors share the batcher and the image
 * queue with forecasts, so that neither starves the other.
 *
 * <p>Immutable.
 */
public final class LeasedTensors implements TensorModels {

    private static final String ENCODER = "-image-encoder";

    private final Models models;
    private final Slot slot;
    private final ShedMetrics shed;
    private final String forecaster;
    private final String imageEncoder;

    public LeasedTensors(Models models, MeterRegistry meters) {
        this.models = requireNonNull(models, "models");
        this.slot = models.slot();
        this.shed = new ShedMetrics(meters);
        this.forecaster = models.config().model();
        this.imageEncoder = forecaster + ENCODER;
    }

    @Override
    public Set<String> names() {
        return Set.of(forecaster, imageEncoder);
    }

    @Override
    public Optional<TensorModel> find(String model, @Nullable String version) {
        LiveModel live = slot.live();
        if (live == null || (version != null && !version.equals(live.identity().version()))) {
            return Optional.empty();
        }
        Manifest manifest = live.graphs().artifact().manifest();
        Manifest.Graphs graphs = manifest.graphs();
        boolean encodes = model.equals(imageEncoder);
        Manifest.Graph graph = encodes ? graphs.imageEncoder() : graphs.forecaster();
        Set<String> pictures = encodes ? Set.of(graph.inputs().get(0).name()) : Set.of();
        String number = live.identity().version();
        Map<String, String> properties = Map.of(
                "digest",
                live.identity().digest(),
                "training_data",
                manifest.training().synthetic() ? "synthetic" : "real");
        return Optional.of(
                new TensorModel(model, number, List.of(number), graph.inputs(), graph.outputs(), pictures, properties));
    }

    @Override
    public Future<Inference> infer(
            String model, @Nullable String version, List<Tensor> inputs, List<String> outputs, long deadlineNanos) {
        Lease lease = slot.lease();
        if (lease == null) {
            return Future.failedFuture(ForecastException.of(Failure.NO_MODEL, "no model is live"));
        }
        String leased = lease.model().identity().version();
        if (version != null && !version.equals(leased)) {
            lease.close();
            return Future.failedFuture(
                    ForecastException.of(Failure.NO_MODEL, "version " + version + " of " + model + " is live no more"));
        }
        try {
            return run(lease.model().graphs(), model, inputs, outputs, deadlineNanos)
                    .map(tensors -> new Inference(leased, tensors))
                    .onFailure(shed::count)
                    .onComplete(answer -> lease.close());
        } catch (RuntimeException e) {
            lease.close();
            return Future.failedFuture(ForecastException.internal("the tensors could not be run", e));
        }
    }

    @Override
    public List<IndexEntry> index() {
        return RepositoryIndex.of(models.lifecycles(), List.of(forecaster, imageEncoder));
    }

    @Override
    public List<ModelStatistics> statistics() {
        LiveModel live = slot.live();
        if (live == null) {
            return List.of();
        }
        String version = live.identity().version();
        return List.of(
                live.graphs().metrics().statistics(forecaster, version),
                live.graphs().encoder().metrics().statistics(imageEncoder, version));
    }

    private Future<List<Tensor>> run(
            RunningGraphs graphs, String model, List<Tensor> inputs, List<String> outputs, long deadlineNanos) {
        if (model.equals(imageEncoder)) {
            return graphs.encoder()
                    .encode(ImageJob.ofTensor(inputs.get(0)), deadlineNanos)
                    .map(embeddings -> List.of(RowTensors.floats(outputs.get(0), embeddings)))
                    .recover(LeasedTensors::invalid);
        }
        return graphs.forecast(RowTensors.rows(inputs, graphs.layout()), deadlineNanos)
                .map(rows -> RowTensors.outputs(rows, outputs))
                .recover(failure -> Future.failedFuture(BatchRejected.toForecastException("forecaster", failure)));
    }

    /** An image that cannot be decoded is an invalid request. */
    private static <T> Future<T> invalid(Throwable failure) {
        return Future.failedFuture(
                failure instanceof InvalidImage bad
                        ? ForecastException.of(Failure.INVALID, requireNonNull(bad.getMessage()))
                        : failure);
    }

    /** The versions that were loaded or failed to load, with the states of the model repository extension. */
    static final class RepositoryIndex {

        private RepositoryIndex() {}

        /** One entry for each graph of each version. The reason of a failure is left out, since it may name files. */
        static List<IndexEntry> of(Collection<VersionLifecycle> lifecycles, List<String> graphs) {
            List<IndexEntry> entries = new ArrayList<>();
            for (String graph : graphs) {
                for (VersionLifecycle lifecycle : lifecycles) {
                    ModelState state = lifecycle.moment().state();
                    String version = Integer.toString(lifecycle.version());
                    entries.add(new IndexEntry(graph, version, state(state), reason(state)));
                }
            }
            return entries;
        }

        private static State state(ModelState state) {
            return switch (state) {
                case LIVE -> State.READY;
                case LOADING, WARMING -> State.LOADING;
                case DRAINING -> State.UNLOADING;
                case NEW, CLOSED, FAILED -> State.UNAVAILABLE;
            };
        }

        private static String reason(ModelState state) {
            return switch (state) {
                case LIVE -> "";
                case NEW, LOADING, WARMING -> state.word();
                case DRAINING, CLOSED -> "another version is live";
                case FAILED -> "did not pass its checks; GET /models on the admin listener says why";
            };
        }
    }
}
