package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.batch.Batcher.ThreadPool;
import io.hemline.serving.batch.QueueLimit;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.ImageEncoder;
import io.hemline.serving.core.InvalidImage;
import io.hemline.serving.engine.image.DecodingRoom;
import io.hemline.serving.engine.image.LateImage;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decodes and encodes images one at a time on a thread of their own, so that no forecast waits behind an image. The thread
 * asks for the least priority, which only some systems and JVM options heed.
 *
 * <p>Thread-safe: the session is the lane's only worker's, the sum of pixels is atomic.
 */
public final class EncoderLane implements ImageEncoder, AutoCloseable {

    private final EncoderSession session;
    private final Batcher<Callable<byte[]>, float[]> lane;
    private final GraphMetrics counts = GraphMetrics.ofThisProcess();
    private final EmbeddingCache embeddings;
    private final DecodingRoom room;
    private final String digest;
    private final long maxPixels;
    private final AtomicLong pixels = new AtomicLong();

    EncoderLane(GraphSession graph, String digest, EmbeddingCache embeddings, DecodingRoom room, EncoderConfig config) {
        this.session = new EncoderSession(graph);
        this.digest = digest;
        this.maxPixels = config.maxPixels();
        this.embeddings = embeddings;
        this.room = room;
        this.lane = Batcher.start(
                new ThreadPool("hemline-encoder", 1, Thread.MIN_PRIORITY),
                QueueLimit.ofRows(config.maxQueue()),
                BatchSizes.of(List.of(1), 1),
                () -> counts.batches(session, session.clock()),
                System::nanoTime,
                ignored -> {});
    }

    @Override
    public Future<float[]> encode(Image image, long deadlineNanos) {
        ImageJob job = ImageJob.ofFile(image.bytes());
        return refused(embeddings.of(
                digest,
                image.sha256(),
                () -> queued(List.of(job), deadlineNanos).map(encoded -> encoded.get(0))));
    }

    /** The embeddings of several images, all or none. */
    public Future<List<float[]>> encode(List<ImageJob> images, long deadlineNanos) {
        return refused(queued(images, deadlineNanos));
    }

    private Future<List<float[]>> queued(List<ImageJob> images, long deadlineNanos) {
        long more = images.stream().mapToLong(ImageJob::pixels).sum();
        long all = pixels.addAndGet(more);
        if (all > maxPixels && all > more) {
            pixels.addAndGet(-more);
            return Future.failedFuture(BatchRejected.full("the images before these " + more
                    + " pixels leave too little of the " + maxPixels + " for all (encoder.max-pixels)"));
        }
        List<Callable<byte[]>> decodings =
                images.stream().map(image -> decoding(image, deadlineNanos)).toList();
        return counts.request(counts.now(), lane.submit(decodings, deadlineNanos, counts.queued(RunListener.NONE)))
                .onComplete(done -> pixels.addAndGet(-more));
    }

    /** Given up at the deadline, so that the next image has its turn. */
    private Callable<byte[]> decoding(ImageJob image, long deadlineNanos) {
        return () -> {
            try {
                return image.decoding().square(room, deadlineNanos);
            } catch (LateImage e) {
                throw BatchRejected.late("it was given up while it was decoded");
            }
        };
    }

    private static <T> Future<T> refused(Future<T> encoding) {
        return encoding.recover(failure -> Future.failedFuture(
                failure instanceof InvalidImage ? failure : EngineFailures.of("image encoder", failure)));
    }

    public GraphMetrics counts() {
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
