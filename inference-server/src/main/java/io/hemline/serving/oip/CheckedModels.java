package io.hemline.serving.oip;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.IndexEntry;
import io.hemline.serving.core.Inference;
import io.hemline.serving.core.ModelStatistics;
import io.hemline.serving.core.TensorModel;
import io.hemline.serving.core.TensorModels;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.store.Tensor;
import io.vertx.core.Future;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The models as a client may ask for them: by names that exist, with tensors as they are declared. What is wrong is
 * thrown as a {@link ProblemException}, so that every door of the protocol says the same.
 *
 * <p>Immutable.
 */
public final class CheckedModels {

    private final TensorModels models;
    private final int maxRows;
    private final int maxPicture;

    /**
     * Checks requests to models.
     *
     * @param models that run what passes
     * @param maxRows the most rows in a request
     * @param maxPicture the largest encoded picture, in bytes
     */
    public CheckedModels(TensorModels models, int maxRows, int maxPicture) {
        this.models = requireNonNull(models, "models");
        this.maxRows = maxRows;
        this.maxPicture = maxPicture;
    }

    /** The model's version that would run now: the one of that number, or without a number the live one. */
    public TensorModel find(String name, @Nullable String version) {
        requireKnown(name);
        return models.find(name, version)
                .orElseThrow(() -> version == null
                        ? new ProblemException(ProblemType.NO_MODEL, "No version of " + name + " is live.")
                        : new ProblemException(
                                ProblemType.NOT_FOUND,
                                "Version " + shortened(version) + " of " + name + " is not live."));
    }

    /** Runs a model. Thrown: what is wrong with the request. In the future: what went wrong later. */
    public Future<Inference> infer(
            TensorModel model,
            @Nullable String version,
            List<Tensor> inputs,
            List<String> outputs,
            long deadlineNanos) {
        RequestSignature signature = new RequestSignature(model, maxRows, maxPicture);
        return models.infer(model.name(), version, signature.inputs(inputs), signature.outputs(outputs), deadlineNanos)
                .map(CheckedModels::requireNumbers);
    }

    /** Every version that this server has looked at, or only those that can infer. */
    public List<IndexEntry> index(boolean readyOnly) {
        return models.index().stream()
                .filter(entry -> !readyOnly || entry.state() == IndexEntry.State.READY)
                .toList();
    }

    /** What the versions have done that can infer now: all of them, those of a model, or one. */
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

    private static Inference requireNumbers(Inference inference) {
        for (Tensor output : inference.outputs()) {
            int at = NonFiniteValues.first(output);
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
