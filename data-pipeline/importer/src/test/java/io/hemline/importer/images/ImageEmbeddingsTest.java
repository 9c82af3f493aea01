package io.hemline.importer.images;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Ledger.Finding;
import io.hemline.importer.report.Rule;
import io.hemline.serving.ServerConfig;
import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Calibration.BatchPlan;
import io.hemline.serving.config.ConfigLayer;
import io.hemline.serving.config.ConfigReader;
import io.hemline.serving.core.Image;
import io.hemline.serving.engine.GraphSession.GraphPair;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.engine.QueuedImageEncoder.SharedResources;
import io.hemline.serving.engine.RowLayout;
import io.hemline.serving.engine.RunningGraphs;
import io.hemline.store.Artifact;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the demo's encoder. */
class ImageEmbeddingsTest {

    private static final Path IMAGES = Path.of("../../model-store/fixtures/images");
    private static final String STORE = "../../model-store/demo/store";

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();

    @Test
    void equalTheEmbeddingsOfTheServer() throws Exception {
        List<Path> images = images(IMAGES);
        List<float[]> served = served(images);

        List<float[]> embeddings = new ArrayList<>();
        try (ImageEmbeddings encoder = ImageEmbeddings.open(config(STORE), ledger)) {
            images.forEach(image -> embeddings.add(requireNonNull(encoder.embed(List.of(image)))));
            assertThat(encoder.encoderDigest()).isEqualTo(artifact().manifest().encoderDigest());
        }

        assertThat(images).hasSizeGreaterThan(8);
        for (int i = 0; i < images.size(); i++) {
            assertThat(cosine(embeddings.get(i), served.get(i)))
                    .as(images.get(i).toString())
                    .isGreaterThanOrEqualTo(0.999);
        }
        assertThat(cosine(embeddings.get(0), embeddings.get(1))).isLessThan(0.999);
        assertThat(ledger.applied()).isEmpty();
    }

    @Test
    void areAveraged() {
        try (ImageEmbeddings encoder = ImageEmbeddings.open(config(STORE), ledger)) {
            Path one = IMAGES.resolve("plain.jpg");
            Path other = IMAGES.resolve("wide.webp");

            float[] mean = requireNonNull(encoder.embed(List.of(one, other)));

            float[] first = requireNonNull(encoder.embed(List.of(one)));
            float[] second = requireNonNull(encoder.embed(List.of(other)));
            for (int i = 0; i < mean.length; i++) {
                assertThat(mean[i]).isCloseTo((first[i] + second[i]) / 2, within(1e-6f));
            }
        }
    }

    @Test
    void leaveOutImagesThatTheServerRefuses() throws IOException {
        List<Path> refused = new ArrayList<>(images(IMAGES.resolve("refused")));
        refused.add(Files.write(folder.resolve("big.jpg"), new byte[5_000_001]));
        refused.add(Files.writeString(folder.resolve("text.jpg"), "<svg/>"));
        refused.add(Files.createFile(folder.resolve("empty.png")));
        refused.add(folder.resolve("missing.png"));
        File large = folder.resolve("large.png").toFile();
        ImageIO.write(new BufferedImage(4001, 4000, BufferedImage.TYPE_BYTE_BINARY), "png", large);
        refused.add(large.toPath());
        List<Path> all = new ArrayList<>(refused);
        all.add(IMAGES.resolve("plain.jpg"));

        try (ImageEmbeddings encoder = ImageEmbeddings.open(config(STORE), ledger)) {
            assertThat(encoder.embed(all)).isEqualTo(encoder.embed(List.of(IMAGES.resolve("plain.jpg"))));
            assertThat(encoder.embed(refused)).isNull();
            assertThat(encoder.embed(List.of())).isNull();
        }
        assertThat(ledger.applied()).isEqualTo(Map.of(Rule.UNUSABLE_IMAGE, (long) refused.size()));
        assertThat(ledger.findings(Rule.UNUSABLE_IMAGE))
                .extracting(Finding::detail)
                .contains("must have at most 5000000 bytes (http.max-image)")
                .anyMatch(detail -> detail.contains("16000000 pixels"));
        assertThat(ledger.findings(Rule.UNUSABLE_IMAGE))
                .extracting(finding -> finding.place().toString())
                .contains(folder.resolve("text.jpg").toString());
    }

    @Test
    void sayInOneLineThatThereIsNoModel() {
        Path empty = folder.resolve("none");

        assertThatThrownBy(() -> ImageEmbeddings.open(config(empty.toString()), ledger))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith("images need a model")
                .hasMessageContaining(empty.toString())
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> ImageEmbeddings.open(config("../../model-store/fixtures/store/corrupt"), ledger))
                .isInstanceOf(ImportException.class)
                .hasMessageStartingWith("images need a model")
                .hasMessageNotContaining("\n");
    }

    private static ServerConfig config(String store) {
        return ConfigReader.read(ServerConfig.defaults(), List.of(new ConfigLayer("test", Map.of("store.url", store))));
    }

    /** Through the queue that answers clients' images. */
    private static List<float[]> served(List<Path> images) throws Exception {
        Artifact artifact = artifact();
        BatchPlan plan = new BatchPlan(BatchSizes.of(artifact.manifest().batchSizes(), 1), 1, new TreeMap<>());
        try (RunningGraphs graphs = RunningGraphs.start(
                GraphPair.open(artifact),
                new RowLayout(artifact.manifest()),
                plan,
                QueueLimit.ofRows(8),
                new SharedResources(EncoderConfig.defaults()),
                size -> {})) {
            List<float[]> embeddings = new ArrayList<>();
            for (Path image : images) {
                embeddings.add(graphs.encoder()
                        .encode(new Image(Files.readAllBytes(image)), System.nanoTime() + TimeUnit.SECONDS.toNanos(20))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS));
            }
            return embeddings;
        }
    }

    private static Artifact artifact() throws Exception {
        ModelStore store = ModelStore.open(STORE);
        int stable = store.desired("trend", Channel.STABLE).orElseThrow();
        return store.verify("trend", stable);
    }

    private static List<Path> images(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(jpg|png|webp)"))
                    .sorted()
                    .toList();
        }
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            squareA += a[i] * a[i];
            squareB += b[i] * b[i];
        }
        return dot / Math.sqrt(squareA * squareB);
    }
}
