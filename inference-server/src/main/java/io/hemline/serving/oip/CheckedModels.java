package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.http.Problem.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.tensors.ModelStatistics;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.serving.tensors.TensorModels;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.serving.tensors.TensorModels.Inference;
import io.hemline.store.Tensor;
import io.vertx.core.Future;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs models after checking names, versions and tensors. An invalid request is thrown as a
 * {@link ProblemException}, the same for REST and gRPC.
 *
 * <p>Immutable.
 */
public final class CheckedModels {

    private final TensorModels models;
    private final int maxRows;
    private final int maxImage;

    /**
     * Checks requests to models.
     *
     * @param models the models that run valid requests
     * @param maxRows the most rows in a request
     * @param maxImage the largest encoded image, in bytes
     */
    public CheckedModels(TensorModels models, int maxRows, int maxImage) {
        this.models = requireNonNull(models, "models");
        this.maxRows = maxRows;
        this.maxImage = maxImage;
    }

    /** The live version of a model, or the version of that number if it is live. */
    public TensorModel find(String name, @Nullable String version) {
        requireKnown(name);
        return models.find(name, version)
                .orElseThrow(() -> version == null
                        ? new ProblemException(ProblemType.NO_MODEL, "No version of " + name + " is live.")
                        : new ProblemException(
                                ProblemType.NOT_FOUND,
                                "Version " + shortened(version) + " of " + name + " is not live."));
    }

    /** Runs a model. Throws when the request is invalid; later failures are in the future. */
    public Future<Inference> infer(
            TensorModel model,
            @Nullable String version,
            List<Tensor> inputs,
            List<String> outputs,
            long deadlineNanos) {
        RequestSignature signature = new RequestSignature(model, maxRows, maxImage);
        return models.infer(model.name(), version, signature.inputs(inputs), signature.outputs(outputs), deadlineNanos)
                .map(CheckedModels::requireFinite);
    }

    /** All versions that this server has loaded or failed to load, or the ready ones alone. */
    public List<IndexEntry> index(boolean readyOnly) {
        return models.index().stream()
                .filter(entry -> !readyOnly || entry.state() == IndexEntry.State.READY)
                .toList();
    }

    /** The statistics of the ready versions: of all models, of one, or of one version. */
    public List<ModelStatistics> statistics(@Nullable String name, @Nullable String version) {
        if (name != null) {
            requireKnown(name);
        }
        if (name != null && version != null) {
            find(name, version);
        }
        return models.statistics().stream()
                .filter(one -> name == null || one.name().equals(name))
                .filter(one -> version == null || one.version().equals(version))
                .toList();
    }

    private void requireKnown(String name) {
        if (!models.names().contains(name)) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "There is no model \"" + shortened(name) + "\"; there are " + new TreeSet<>(models.names()));
        }
    }

    private static Inference requireFinite(Inference inference) {
        for (Tensor output : inference.outputs()) {
            int at = RequestSignature.firstNonFinite(output);
            if (at >= 0) {
                throw ForecastException.internal(
                        "the model gave no number",
                        new IllegalStateException(output.name() + " element " + at + " is "
                                + output.floats().get(at)));
            }
        }
        return inference;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
