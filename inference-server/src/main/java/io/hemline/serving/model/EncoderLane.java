package io.hemline.serving.model;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.features.ImageEncoder;
import io.hemline.serving.features.image.BadImage;
import io.hemline.serving.features.image.EncoderInput;
import io.hemline.serving.forecast.Image;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Encodes images on a thread of their own, so that no forecast waits behind one, and remembers the embeddings by the
 * images' content.
 *
 * <p>Thread-safe: {@code remembered} is a concurrent cache; the session is the lane's only worker's.
 */
final class EncoderLane implements ImageEncoder, AutoCloseable {

    private static final int MAX_QUEUE = 64;
    private static final int MAX_REMEMBERED = 10_000;

    private final EncoderSession session;
    private final Batcher<ImageJob, float[]> lane;
    private final GraphCounts counts = GraphCounts.ofThisProcess();
    private final Cache<ByteBuffer, float[]> remembered = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .executor(Runnable::run)
            .build();

    EncoderLane(GraphSession graph) {
        this.session = new EncoderSession(graph);
        this.lane = Batcher.start(
                "hemline-encoder",
                new BatchConfig(1, 1, MAX_QUEUE),
                BatchSizes.of(List.of(1), 1),
                () -> counts.batches(session),
                System::nanoTime,
                ignored -> {});
    }

    @Override
    public Future<float[]> encode(Image image, long deadlineNanos) {
        ByteBuffer content = ByteBuffer.wrap(image.sha256());
        float[] known = remembered.getIfPresent(content);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return encode(List.of(() -> EncoderInput.of(image.bytes())), deadlineNanos)
                .map(embeddings -> embeddings.get(0))
                .onSuccess(embedding -> remembered.put(content, embedding));
    }

    /** The embeddings of several images, all or none. */
    Future<List<float[]>> encode(List<ImageJob> images, long deadlineNanos) {
        return counts.request(counts.now(), lane.submit(images, deadlineNanos))
                .recover(failure -> Future.failedFuture(
                        failure instanceof BadImage ? failure : Refusals.of("image encoder", failure)));
    }

    GraphCounts counts() {
        return counts;
    }

    /** How many images wait. */
    int depth() {
        return lane.depth();
    }

    @Override
    public void close() {
        lane.close();
        session.close();
    }
}
