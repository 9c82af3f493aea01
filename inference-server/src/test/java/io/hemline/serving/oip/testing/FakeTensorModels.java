package io.hemline.serving.oip.testing;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.tensors.ModelStatistics;
import io.hemline.serving.tensors.TensorModel;
import io.hemline.serving.tensors.TensorModels;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.serving.tensors.TensorModels.Inference;
import io.hemline.store.Datatype;
import io.hemline.store.Tensor;
import io.hemline.store.TensorSpec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two models, live in version 7. {@code trend}: {@code y} is twice {@code x}, {@code flag} is {@code keep}. {@code
 * picture}: {@code copy} is {@code pixels}, in whichever of their two datatypes they come.
 *
 * <p>Thread-safe: fields are volatile.
 */
public final class FakeTensorModels implements TensorModels {

    public static final String NAME = "trend";
    public static final String VERSION = "7";

    public static final String PICTURE = "picture";

    private static final Map<String, String> PROPERTIES =
            Map.of("digest", "0".repeat(64), "training_data", "synthetic");
    private static final TensorModel PICTURES = new TensorModel(
            PICTURE,
            VERSION,
            List.of(VERSION),
            List.of(new TensorSpec("pixels", Datatype.UINT8, List.of(-1L, 2L), "a picture", "0..255")),
            List.of(new TensorSpec("copy", Datatype.UINT8, List.of(-1L, 2L), "the picture", "0..255")),
            Set.of("pixels"),
            PROPERTIES);
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
            Set.of(),
            PROPERTIES);

    private volatile boolean live = true;
    private volatile boolean hanging;
    private volatile boolean elsewhere;
    private volatile @Nullable Failure failure;

    /** No version is live from now on. */
    public void die() {
        live = false;
    }

    /** Answers no more from now on. */
    public void hang() {
        hanging = true;
    }

    /** Fails from now on. */
    public void failWith(Failure reason) {
        failure = reason;
    }

    @Override
    public Set<String> names() {
        return Set.of(NAME, PICTURE);
    }

    @Override
    public Optional<TensorModel> find(String model, @Nullable String version) {
        boolean known = live && (version == null || version.equals(VERSION));
        return known ? Optional.of(model.equals(NAME) ? MODEL : PICTURES) : Optional.empty();
    }

    /** Answers the next time on a thread of its own, a little later. */
    public void answerElsewhere() {
        elsewhere = true;
    }

    @Override
    public Future<Inference> infer(
            String model, @Nullable String version, List<Tensor> inputs, List<String> outputs, long deadlineNanos) {
        Failure reason = failure;
        if (reason != null) {
            return Future.failedFuture(ForecastException.of(reason, "It will not."));
        }
        if (hanging) {
            return Promise.<Inference>promise().future();
        }
        if (elsewhere) {
            elsewhere = false;
            Promise<Inference> later = Promise.promise();
            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
                    .execute(() -> infer(model, version, inputs, outputs, deadlineNanos)
                            .onComplete(later));
            return later.future();
        }
        if (model.equals(PICTURE)) {
            return Future.succeededFuture(
                    new Inference(VERSION, List.of(inputs.get(0).named("copy"))));
        }
        List<Tensor> answers = new ArrayList<>();
        for (String output : outputs) {
            answers.add(
                    output.equals("y") ? doubled(inputs.get(0)) : inputs.get(1).named("flag"));
        }
        return Future.succeededFuture(new Inference(VERSION, answers));
    }

    @Override
    public List<IndexEntry> index() {
        IndexEntry old = new IndexEntry(NAME, "6", IndexEntry.State.UNAVAILABLE, "another version is live");
        IndexEntry now = new IndexEntry(NAME, VERSION, IndexEntry.State.READY, "");
        return live ? List.of(old, now) : List.of(old);
    }

    @Override
    public List<ModelStatistics> statistics() {
        ModelStatistics.Batch batch = new ModelStatistics.Batch(
                3,
                new ModelStatistics.Total(2, 40),
                new ModelStatistics.Total(2, 900),
                new ModelStatistics.Total(2, 30));
        ModelStatistics trend = new ModelStatistics(
                NAME,
                VERSION,
                1_795_464_000_000L,
                new ModelStatistics.Total(4, 1000),
                new ModelStatistics.Total(1, 10),
                new ModelStatistics.Total(4, 70),
                List.of(batch));
        ModelStatistics.Total none = new ModelStatistics.Total(0, 0);
        ModelStatistics picture = new ModelStatistics(PICTURE, VERSION, 0, none, none, none, List.of());
        return live ? List.of(trend, picture) : List.of();
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
