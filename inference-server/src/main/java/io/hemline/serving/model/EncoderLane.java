package io.hemline.serving.model;

import io.hemline.serving.batch.BatchRefused;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.Crew;
import io.hemline.serving.batch.QueueLimit;
import io.hemline.serving.batch.RowsWatch;
import io.hemline.serving.features.ImageEncoder;
import io.hemline.serving.features.image.BadImage;
import io.hemline.serving.features.image.DecodingRoom;
import io.hemline.serving.features.image.LateImage;
import io.hemline.serving.forecast.Image;
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
final class EncoderLane implements ImageEncoder, AutoCloseable {

    private final EncoderSession session;
    private final Batcher<Callable<byte[]>, float[]> lane;
    private final GraphCounts counts = GraphCounts.ofThisProcess();
    private final Embeddings embeddings;
    private final DecodingRoom room;
    private final String digest;
    private final long maxPixels;
    private final AtomicLong pixels = new AtomicLong();

    EncoderLane(GraphSession graph, String digest, Embeddings embeddings, DecodingRoom room, EncoderConfig config) {
        this.session = new EncoderSession(graph);
        this.digest = digest;
        this.maxPixels = config.maxPixels();
        this.embeddings = embeddings;
        this.room = room;
        this.lane = Batcher.start(
                new Crew("hemline-encoder", 1, Thread.MIN_PRIORITY),
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
    Future<List<float[]>> encode(List<ImageJob> images, long deadlineNanos) {
        return refused(queued(images, deadlineNanos));
    }

    private Future<List<float[]>> queued(List<ImageJob> images, long deadlineNanos) {
        long more = images.stream().mapToLong(ImageJob::pixels).sum();
        long all = pixels.addAndGet(more);
        if (all > maxPixels && all > more) {
            pixels.addAndGet(-more);
            return Future.failedFuture(BatchRefused.full("the images before these " + more
                    + " pixels leave too little of the " + maxPixels + " for all (encoder.max-pixels)"));
        }
        List<Callable<byte[]>> decodings =
                images.stream().map(image -> decoding(image, deadlineNanos)).toList();
        return counts.request(counts.now(), lane.submit(decodings, deadlineNanos, counts.queued(RowsWatch.NONE)))
                .onComplete(done -> pixels.addAndGet(-more));
    }

    /** Given up at the deadline, so that the next image has its turn. */
    private Callable<byte[]> decoding(ImageJob image, long deadlineNanos) {
        return () -> {
            try {
                return image.decoding().square(room, deadlineNanos);
            } catch (LateImage e) {
                throw BatchRefused.late("it was given up while it was decoded");
            }
        };
    }

    private static <T> Future<T> refused(Future<T> encoding) {
        return encoding.recover(failure ->
                Future.failedFuture(failure instanceof BadImage ? failure : Refusals.of("image encoder", failure)));
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
