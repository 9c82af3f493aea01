package io.hemline.importer.images;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtException;
import io.hemline.importer.report.ImportException;
import io.hemline.importer.report.Ledger;
import io.hemline.importer.report.Rule;
import io.hemline.serving.ServerConfig;
import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.GraphSession;
import io.hemline.serving.engine.image.DecodingMemory;
import io.hemline.serving.engine.image.EncoderInput;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.store.Artifact;
import io.hemline.store.ModelStore;
import io.hemline.store.PrivateFolder;
import io.hemline.store.StoreException;
import io.hemline.store.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The image encoder of the version that the store's channel names. Images are decoded and encoded as the server does, and
 * within its limits.
 *
 * <p>Confined to one thread.
 */
public final class ImageEmbeddings implements AutoCloseable {

    private static final Duration LONGEST_DECODING = Duration.ofMinutes(1);

    private final GraphSession encoder;
    private final String encoderDigest;
    private final int maxBytes;
    private final DecodingMemory memory;
    private final Ledger ledger;
    private final Set<Path> refused = new HashSet<>();

    private ImageEmbeddings(GraphSession encoder, String encoderDigest, ServerConfig config, Ledger ledger) {
        this.encoder = encoder;
        this.encoderDigest = encoderDigest;
        this.maxBytes = config.http().maxImage();
        this.memory = new DecodingMemory(config.encoder().maxDecoded());
        this.ledger = requireNonNull(ledger, "ledger");
    }

    /**
     * Loads the encoder. An {@link ImportException} says why the store has none.
     *
     * @param config the server's: the store, and the limits of images
     * @param ledger is told which images were refused
     */
    public static ImageEmbeddings open(ServerConfig config, Ledger ledger) {
        StoreConfig settings = config.store();
        try (PrivateFolder folder = PrivateFolder.make()) {
            ModelStore store = settings.open();
            OptionalInt version = store.desired(settings.model(), settings.channel());
            if (version.isEmpty()) {
                throw new ImportException("images need a model: the store " + settings.url() + " (store.url) has no "
                        + settings.channel().path() + " version of " + settings.model());
            }
            // ONNX Runtime needs no file once the graph is loaded.
            Artifact artifact = store.copy(settings.model(), version.getAsInt(), folder.path());
            GraphSession encoder = GraphSession.open(artifact.imageEncoder());
            return new ImageEmbeddings(encoder, artifact.manifest().encoderDigest(), config, ledger);
        } catch (StoreException | OrtException | LinkageError e) {
            throw new ImportException(
                    "images need a model, and that of the store " + settings.url() + " (store.url) cannot be loaded: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The SHA-256 of the encoder, in hex, without which an embedding has no meaning. */
    public String encoderDigest() {
        return encoderDigest;
    }

    /** The mean of the images' embeddings; {@code null} if no image is usable. Each unusable image is told. */
    public float @Nullable [] embed(List<Path> images) {
        double[] sum = null;
        int usable = 0;
        for (Path image : images) {
            try {
                float[] embedding = embed(image);
                sum = sum == null ? new double[embedding.length] : sum;
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += embedding[i];
                }
                usable++;
            } catch (InvalidImage e) {
                refuse(image, String.valueOf(e.getMessage()));
            } catch (DecodingTimeout e) {
                refuse(image, "takes over " + LONGEST_DECODING.toSeconds() + " s to decode");
            } catch (IOException e) {
                refuse(image, "cannot be read: " + e);
            }
        }
        return sum == null ? null : mean(sum, usable);
    }

    /** Tells once of each image, also if it belongs to several trends. */
    private void refuse(Path image, String reason) {
        if (refused.add(image)) {
            ledger.apply(Rule.UNUSABLE_IMAGE, ImagePlace.of(image), reason);
        }
    }

    private static float[] mean(double[] sum, int count) {
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / count);
        }
        return mean;
    }

    private float[] embed(Path image) throws IOException, InvalidImage, DecodingTimeout {
        byte[] pixels = EncoderInput.of(bytes(image), memory, System.nanoTime() + LONGEST_DECODING.toNanos());
        Tensor input = Tensor.ofBytes("image", new long[] {1, EncoderInput.SIDE, EncoderInput.SIDE, 3}, pixels);
        FloatBuffer output = encoder.run(List.of(input)).get(0).floats();
        float[] embedding = new float[output.remaining()];
        output.get(embedding);
        return embedding;
    }

    private byte[] bytes(Path image) throws IOException, InvalidImage {
        try (InputStream in = Files.newInputStream(image)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new InvalidImage("must have at most " + maxBytes + " bytes (http.max-image)");
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
