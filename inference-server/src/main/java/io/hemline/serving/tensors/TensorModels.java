package io.hemline.serving.tensors;

import static java.util.Objects.requireNonNull;

import io.hemline.store.Tensor;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The models that can be run on tensors. */
public interface TensorModels {

    /** The names of all models that are served, whether one of their versions is live or not. */
    Set<String> names();

    /** A model's version that can be run now: the one of that number, or without a number the live one. */
    Optional<TensorModel> find(String model, @Nullable String version);

    /**
     * Runs a model.
     *
     * @param model one of the {@link #names}
     * @param version absent means the live one
     * @param inputs one for each declared input, in the declared order, checked against names, types and shapes
     * @param outputs the names of the outputs to answer with, in this order; never empty
     * @param deadlineNanos the {@link System#nanoTime} after which the client does not wait any more
     * @return the outputs, or a failed future carrying a {@link io.hemline.serving.core.ForecastException}
     */
    Future<Inference> infer(
            String model, @Nullable String version, List<Tensor> inputs, List<String> outputs, long deadlineNanos);

    /** Every version that this server has loaded or failed to load, in every state. */
    List<IndexEntry> index();

    /** The statistics of the versions that can be run now. */
    List<ModelStatistics> statistics();

    /**
     * The outputs of one run.
     *
     * <p>Immutable.
     *
     * @param version the version that ran
     * @param outputs in the order of the request
     */
    record Inference(String version, List<Tensor> outputs) {

        public Inference {
            requireNonNull(version, "version");
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * One version of a model in the repository's index.
     *
     * <p>Immutable.
     *
     * @param name of the model
     * @param version its number
     * @param state whether it serves
     * @param reason why it does not, empty when it does
     */
    record IndexEntry(String name, String version, State state, String reason) {

        public IndexEntry {
            requireNonNull(name, "name");
            requireNonNull(version, "version");
            requireNonNull(state, "state");
            requireNonNull(reason, "reason");
        }

        /** The states of the model repository extension, by their names in the protocol. */
        public enum State {
            /** Serving. */
            READY,
            /** Loading. */
            LOADING,
            /** Draining. */
            UNLOADING,
            /** Not serving. */
            UNAVAILABLE
        }
    }
}
