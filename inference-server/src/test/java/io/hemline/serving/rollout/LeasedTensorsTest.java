package io.hemline.serving.rollout;

import static io.hemline.serving.testing.Forecasts.LAST_WEEK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Series;
import io.hemline.serving.engine.BatchedForecaster;
import io.hemline.serving.engine.image.DecodingMemory;
import io.hemline.serving.engine.image.EncoderInput;
import io.hemline.serving.lifecycle.LiveModel;
import io.hemline.serving.tensors.ModelStatistics;
import io.hemline.serving.tensors.TensorModels.IndexEntry;
import io.hemline.serving.tensors.TensorModels.Inference;
import io.hemline.serving.testing.Forecasts;
import io.hemline.serving.testing.TestServer;
import io.hemline.store.Artifact;
import io.hemline.store.Golden;
import io.hemline.store.Manifest.Tolerance;
import io.hemline.store.Tensor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's real graphs give the same answers alone, in batches, and as their maker wrote them down. */
class LeasedTensorsTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final List<String> IMAGES = List.of("turned-6.jpg", "alpha.png", "wide.webp");

    @TempDir
    private static Path folder;

    private static TestServer testServer;
    private static LiveModel live;
    private static LeasedTensors tensors;

    @BeforeAll
    static void open() throws Exception {
        testServer = TestServer.ofDemo(folder);
        live = requireNonNull(testServer.server().models().slot().live());
        tensors = new LeasedTensors(testServer.server().models(), new SimpleMeterRegistry());
    }

    @AfterAll
    static void close() {
        testServer.close();
    }

    @Test
    void givesTheGoldenAnswersThroughTheBatcher() throws Exception {
        Artifact artifact = testServer.store().verify("trend", live.version());
        Golden golden = artifact.golden();

        List<Future<Inference>> answers = new ArrayList<>();
        golden.forecaster().forEach(pair -> answers.add(infer("trend", pair)));
        golden.imageEncoder().forEach(pair -> answers.add(infer("trend-image-encoder", pair)));

        List<Golden.Case> cases = new ArrayList<>(golden.forecaster());
        cases.addAll(golden.imageEncoder());
        assertThat(cases).hasSizeGreaterThan(2);
        for (int i = 0; i < cases.size(); i++) {
            Inference answer = await(answers.get(i));
            assertThat(cases.get(i)
                            .difference(answer.outputs(), artifact.manifest().tolerance()))
                    .isEmpty();
        }
        assertThat(live.leases()).isZero();
    }

    @Test
    void encodesFilesAsItEncodesTheirPixels() throws Exception {
        List<byte[]> files = new ArrayList<>();
        byte[] pixels = new byte[IMAGES.size() * EncoderInput.BYTES];
        for (String image : IMAGES) {
            byte[] file = Files.readAllBytes(Path.of("../model-store/fixtures/images", image));
            byte[] square = EncoderInput.of(file, new DecodingMemory(10_000_000), NEVER);
            System.arraycopy(square, 0, pixels, files.size() * EncoderInput.BYTES, EncoderInput.BYTES);
            files.add(file);
        }
        Tensor decoded = Tensor.ofBytes("image", new long[] {files.size(), 224, 224, 3}, pixels);

        Tensor expected = embeddings(decoded);

        assertThat(embeddings(Tensor.ofByteStrings("image", new long[] {files.size()}, files)))
                .isEqualTo(expected);
        assertThat(embeddings(Tensor.ofByteStrings("image", new long[] {files.size(), 1}, files)))
                .isEqualTo(expected);
    }

    @Test
    void namesTheFileThatIsNoPicture() throws Exception {
        byte[] file = Files.readAllBytes(Path.of("../model-store/fixtures/images", IMAGES.get(0)));
        Tensor files = Tensor.ofByteStrings("image", new long[] {3}, List.of(file, new byte[] {1, 2}, new byte[0]));

        Future<Inference> answer =
                tensors.infer("trend-image-encoder", null, List.of(files), List.of("embedding"), NEVER);

        assertThatThrownBy(() -> await(answer))
                .hasRootCauseMessage(
                        "tensor \"image\": element 1 must be a JPEG, PNG or WebP file, these 2 bytes are none");
        TestServer.assertFailure(answer, Failure.INVALID);
        assertThat(live.leases()).isZero();
    }

    @Test
    void givesInABatchWhatItGivesAlone() throws Exception {
        Tolerance tolerance = live.graphs().artifact().manifest().tolerance();
        List<Question> questions = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 15; i++) {
            double[] weeks = random.doubles(1 + random.nextInt(300), 1, 1000).toArray();
            questions.add(new SeriesQuestion(Series.of(LAST_WEEK, weeks), Attributes.UNKNOWN, null));
        }
        List<Forecast> alone = new ArrayList<>();
        for (Question question : questions) {
            alone.addAll(uncached(List.of(question)));
        }

        List<Forecast> together = uncached(questions);

        for (int i = 0; i < questions.size(); i++) {
            Tensor expected = tensor(alone.get(i));
            Golden.Case pair = new Golden.Case(List.of(), List.of(expected));
            assertThat(pair.difference(List.of(tensor(together.get(i))), tolerance))
                    .isEmpty();
            assertThat(together.get(i).trendClass()).isEqualTo(alone.get(i).trendClass());
        }
    }

    @Test
    void knowsTheLiveVersionOnly() {
        String version = live.identity().version();

        assertThat(tensors.find("trend", version)).isPresent();
        assertThat(tensors.find("trend", null).orElseThrow().outputs()).hasSize(4);
        assertThat(tensors.find("trend-image-encoder", null).orElseThrow().inputs())
                .hasSize(1);
        assertThat(tensors.find("trend", "999")).isEmpty();
    }

    @Test
    void countsWhatWasRunWhoeverAsked() throws Exception {
        ModelStatistics before = tensors.statistics().get(0);

        uncached(List.of(new SeriesQuestion(Series.of(LAST_WEEK, 1, 2, 3), Attributes.UNKNOWN, null)));

        ModelStatistics after = tensors.statistics().get(0);
        assertThat(after.name()).isEqualTo("trend");
        assertThat(after.version()).isEqualTo(live.identity().version());
        assertThat(after.success().count() - before.success().count()).isEqualTo(1);
        assertThat(rows(after) - rows(before)).isEqualTo(1);
        assertThat(after.lastInferenceMillis()).isPositive();
        assertThat(after.queue().count() - before.queue().count()).isEqualTo(1);
        assertThat(after.queue().nanos()).isGreaterThan(before.queue().nanos());
    }

    @Test
    void tellsHowLongThePartsOfARunTook() throws Exception {
        Golden golden = testServer.store().verify("trend", live.version()).golden();
        infer("trend-image-encoder", golden.imageEncoder().get(0))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        uncached(List.of(new SeriesQuestion(Series.of(LAST_WEEK, 1, 2, 3), Attributes.UNKNOWN, null)));

        for (ModelStatistics statistics : tensors.statistics()) {
            assertThat(statistics.batches()).isNotEmpty().allSatisfy(batch -> {
                for (ModelStatistics.Total part : List.of(batch.input(), batch.infer(), batch.output())) {
                    assertThat(part.count()).isEqualTo(batch.infer().count());
                    assertThat(part.nanos()).isPositive();
                }
            });
        }
    }

    private static long rows(ModelStatistics statistics) {
        return statistics.batches().stream()
                .mapToLong(batch -> batch.rows() * batch.infer().count())
                .sum();
    }

    @Test
    void listsTheLiveVersionAsReady() {
        String version = live.identity().version();

        assertThat(tensors.index())
                .contains(
                        new IndexEntry("trend", version, IndexEntry.State.READY, ""),
                        new IndexEntry("trend-image-encoder", version, IndexEntry.State.READY, ""));
    }

    private static List<Forecast> uncached(List<Question> questions) throws Exception {
        // The steps below the cache, which would otherwise answer the second time.
        List<Question> featured = questions.stream()
                .<Question>map(question -> Forecasts.featured((SeriesQuestion) question))
                .toList();
        return await(new BatchedForecaster(live.graphs(), System::nanoTime, new SimpleMeterRegistry())
                        .forecast(new Request(featured, NEVER)))
                .forecasts();
    }

    private static Tensor tensor(Forecast forecast) {
        float[] values = new float[Forecast.HORIZON * Forecast.LEVELS.size()];
        for (int week = 0; week < Forecast.HORIZON; week++) {
            System.arraycopy(forecast.quantiles()[week], 0, values, week * 3, 3);
        }
        return Tensor.ofFloats("quantiles", new long[] {Forecast.HORIZON, 3}, values);
    }

    private static Future<Inference> infer(String model, Golden.Case pair) {
        List<String> declared = tensors.find(model, null).orElseThrow().inputs().stream()
                .map(spec -> spec.name())
                .toList();
        List<Tensor> inputs = declared.stream()
                .map(name -> pair.request().stream()
                        .filter(tensor -> tensor.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
        List<String> outputs = pair.expected().stream().map(Tensor::name).toList();
        return tensors.infer(model, null, inputs, outputs, NEVER);
    }

    private static Tensor embeddings(Tensor images) throws Exception {
        return await(tensors.infer("trend-image-encoder", null, List.of(images), List.of("embedding"), NEVER))
                .outputs()
                .get(0);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
