package io.hemline.serving.protocol.testing;

import io.hemline.serving.forecast.Failure;
import io.hemline.serving.forecast.ForecastException;
import io.hemline.serving.protocol.Inference;
import io.hemline.serving.protocol.TensorModel;
import io.hemline.serving.protocol.TensorModels;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import io.hemline.store.TensorSpec;
import io.vertx.core.Future;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One model, {@code trend}, live in version 7: {@code y} is twice {@code x}, {@code flag} is {@code keep}.
 *
 * <p>Thread-safe: fields are volatile.
 */
public final class FakeTensorModels implements TensorModels {

    public static final String NAME = "trend";
    public static final String VERSION = "7";

    private static final TensorModel MODEL = new TensorModel(
            NAME,
            VERSION,
            List.of(VERSION),
            List.of(
                    new TensorSpec("x", Datatype.FP32, List.of(-1L, 2L), "numbers", "1"),
                    new TensorSpec("keep", Datatype.BOOL, List.of(-1L), "a flag", "1")),
            List.of(
                    new TensorSpec("y", Datatype.FP32, List.of(-1L, 2L), "doubles", "1"),
                    new TensorSpec("flag", Datatype.BOOL, List.of(-1L), "the flag", "1")),
            Map.of("digest", "0".repeat(64), "training_data", "synthetic"));

    private volatile boolean live = true;
    private volatile @Nullable Failure failure;

    /** No version is live from now on. */
    public void die() {
        live = false;
    }

    /** Fails from now on. */
    public void failWith(Failure reason) {
        failure = reason;
    }

    @Override
    public Set<String> names() {
        return Set.of(NAME);
    }

    @Override
    public Optional<TensorModel> find(String model, @Nullable String version) {
        boolean known = live && model.equals(NAME) && (version == null || version.equals(VERSION));
        return known ? Optional.of(MODEL) : Optional.empty();
    }

    @Override
    public Future<Inference> infer(
            String model, @Nullable String version, List<Tensor> inputs, List<String> outputs, long deadlineNanos) {
        Failure reason = failure;
        if (reason != null) {
            return Future.failedFuture(ForecastException.of(reason, "It will not."));
        }
        List<Tensor> answers = new ArrayList<>();
        for (String output : outputs) {
            answers.add(
                    output.equals("y") ? doubled(inputs.get(0)) : inputs.get(1).named("flag"));
        }
        return Future.succeededFuture(new Inference(VERSION, answers));
    }

    private static Tensor doubled(Tensor tensor) {
        FloatBuffer values = tensor.floats();
        float[] doubled = new float[values.remaining()];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = 2 * values.get(i);
        }
        return Tensor.ofFloats("y", tensor.shape(), doubled);
    }
}
