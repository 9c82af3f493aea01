package io.hemline.serving.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.hemline.serving.batch.BatchConfig.QueueLimit;
import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.batch.Batcher;
import io.hemline.serving.batch.Batcher.BatchWork;
import io.hemline.serving.batch.Batcher.RunListener;
import io.hemline.serving.batch.ThreadPool;
import io.hemline.serving.core.Image;
import io.hemline.serving.core.ImageEncoder;
import io.hemline.serving.core.ImageEncoder.InvalidImage;
import io.hemline.serving.engine.image.DecodingMemory;
import io.hemline.serving.engine.image.EncoderInput;
import io.hemline.serving.engine.image.EncoderInput.DecodingTimeout;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decodes and encodes images one at a time on its own thread, so that images do not delay forecasts. The thread has the
 * lowest priority, which only some systems and JVM options respect.
 *
 * <p>Thread-safe: the queue's worker alone uses the session; {@code queuedPixels} is atomic.
 */
public final class QueuedImageEncoder implements ImageEncoder, AutoCloseable {

    private final Session session;
    private final Batcher<Callable<byte[]>, float[]> queue;
    private final GraphMetrics metrics = GraphMetrics.create();
    private final EmbeddingCache cache;
    private final DecodingMemory memory;
    private final String encoderDigest;
    private final long maxPixels;
    private final AtomicLong queuedPixels = new AtomicLong();

    QueuedImageEncoder(GraphSession graph, String encoderDigest, SharedResources shared) {
        this.session = new Session(graph);
        this.encoderDigest = encoderDigest;
        this.maxPixels = shared.config.maxPixels();
        this.cache = shared.cache;
        this.memory = shared.memory;
        this.queue = Batcher.start(
                new ThreadPool("hemline-encoder", 1, Thread.MIN_PRIORITY),
                QueueLimit.ofRows(shared.config.maxQueue()),
                BatchSizes.of(List.of(1), 1),
                () -> metrics.timed(session, session.timer),
                System::nanoTime,
                ignored -> {});
    }

    @Override
    public Future<float[]> encode(Image image, long deadlineNanos) {
        ImageJob job = ImageJob.ofFile(image.bytes());
        return mapFailures(cache.get(
                encoderDigest,
                image.sha256(),
                () -> submit(List.of(job), deadlineNanos).map(embeddings -> embeddings.get(0))));
    }

    /** The embeddings of several images, all or none; bypasses the cache. */
    public Future<List<float[]>> encode(List<ImageJob> images, long deadlineNanos) {
        return mapFailures(submit(images, deadlineNanos));
    }

    private Future<List<float[]>> submit(List<ImageJob> images, long deadlineNanos) {
        long added = images.stream().mapToLong(ImageJob::pixels).sum();
        long total = queuedPixels.addAndGet(added);
        // A request without others before it is admitted whatever its size, so that any image can be encoded.
        if (total > maxPixels && total > added) {
            queuedPixels.addAndGet(-added);
            return Future.failedFuture(BatchRejected.full("the images before these " + added
                    + " pixels leave too little of the " + maxPixels + " for all (encoder.max-pixels)"));
        }
        List<Callable<byte[]>> decodings =
                images.stream().map(image -> decoding(image, deadlineNanos)).toList();
        return metrics.counted(
                        metrics.now(), queue.submit(decodings, deadlineNanos, metrics.listener(RunListener.NONE)))
                .onComplete(done -> queuedPixels.addAndGet(-added));
    }

    /** Decodes the image until the deadline, then fails, so that the next image can start. */
    private Callable<byte[]> decoding(ImageJob image, long deadlineNanos) {
        return () -> {
            try {
                return image.decoding().decode(memory, deadlineNanos);
            } catch (DecodingTimeout e) {
                throw BatchRejected.late("it was given up while it was decoded");
            }
        };
    }

    private static <T> Future<T> mapFailures(Future<T> encoding) {
        return encoding.recover(failure -> Future.failedFuture(
                failure instanceof InvalidImage
                        ? failure
                        : BatchRejected.toForecastException("image encoder", failure)));
    }

    public GraphMetrics metrics() {
        return metrics;
    }

    @Override
    public void close() {
        queue.close();
        session.close();
    }

    /**
     * The cache of embeddings and the memory for decoded images, which the encoders of all versions share.
     *
     * <p>Thread-safe: both are.
     */
    public static final class SharedResources {

        private final EncoderConfig config;
        private final EmbeddingCache cache;
        private final DecodingMemory memory;

        public SharedResources(EncoderConfig config) {
            this.config = config;
            this.cache = new EmbeddingCache(config.cacheBytes());
            this.memory = new DecodingMemory(config.maxDecoded());
        }
    }

    /**
     * Runs the image encoder graph on one image at a time; larger batches gain nothing on a CPU.
     *
     * <p>Confined to the queue's worker, except {@link #close}, which is called after the worker has ended.
     */
    private static final class Session implements BatchWork<Callable<byte[]>, float[]>, AutoCloseable {

        private final GraphSession graph;
        private final NDManager manager;
        private final ByteBuffer pixels = ByteBuffer.allocateDirect(EncoderInput.BYTES);
        private final NDList input;
        private final GraphMetrics.RunTimer timer = new GraphMetrics.RunTimer(System::nanoTime);

        Session(GraphSession graph) {
            this.graph = graph;
            this.manager = graph.newManager();
            NDArray array = manager.create(
                    pixels.duplicate(), new Shape(1, EncoderInput.SIDE, EncoderInput.SIDE, 3), DataType.UINT8);
            array.setName("image");
            this.input = new NDList(array);
        }

        @Override
        public List<float[]> run(List<Callable<byte[]>> images) throws Exception {
            pixels.put(0, images.get(0).call());
            timer.inputsReady();
            try (NDList outputs = graph.run(input)) {
                timer.graphDone();
                return List.of(outputs.head().toFloatArray());
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    /**
     * Settings of the image encoder.
     *
     * <p>Immutable.
     *
     * @param maxQueue the most queued images; more are rejected immediately
     * @param maxPixels the most pixels of all queued images and the decoded one; more are rejected immediately
     * @param maxDecoded the most memory in bytes of concurrently decoded images, of all model versions together
     * @param cacheBytes the memory in bytes of cached embeddings, of all model versions together
     */
    public record EncoderConfig(int maxQueue, long maxPixels, long maxDecoded, long cacheBytes) {

        private static final long UPPER_BOUND = 1_000_000_000_000L;

        /** 16 megapixels of four channels of 16 bits. */
        private static final long LARGEST_IMAGE_BYTES = 128_000_000;

        /** The encoders that may run at once: of the stable version, the canary, and the versions that they replace. */
        private static final int MAX_ENCODERS = 4;

        public EncoderConfig {
            if (maxQueue < 1 || maxQueue > 100_000) {
                throw new IllegalArgumentException("maxQueue: 1 to 100000 images, not " + maxQueue);
            }
            if (maxPixels < 1 || maxPixels > UPPER_BOUND) {
                throw new IllegalArgumentException("maxPixels: 1 to " + UPPER_BOUND + " pixels, not " + maxPixels);
            }
            if (maxDecoded < 1_000_000 || maxDecoded > UPPER_BOUND) {
                throw new IllegalArgumentException(
                        "maxDecoded: 1000000 to " + UPPER_BOUND + " bytes, not " + maxDecoded);
            }
            if (cacheBytes < 0) {
                throw new IllegalArgumentException("cacheBytes: 0 or more bytes, not " + cacheBytes);
            }
        }

        /** A queue of a second or two; a quarter of the heap; some ten thousand embeddings of 768 numbers. */
        public static EncoderConfig defaults() {
            return new EncoderConfig(
                    64, 64_000_000, maxDecoded(Runtime.getRuntime().maxMemory()), 32_000_000);
        }

        /** A quarter of the heap, but no more than one image of the largest size for each encoder. */
        static long maxDecoded(long heapBytes) {
            return Math.min(LARGEST_IMAGE_BYTES * MAX_ENCODERS, heapBytes / 4);
        }
    }
}
