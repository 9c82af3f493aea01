package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells Kafka of computed forecasts, later and elsewhere than they are answered.
 *
 * <p>Thread-safe: {@code waiting} bounds the concurrent queue; all else is confined to one event loop.
 */
final class ForecastPublisher {

    /*
     * Who offers pays for an addition to a queue, however Kafka fares. What is offered waits here, up to a bound, and goes
     * to Kafka's client a few hundred at a time, which keeps what it took for a minute at most. While deliveries fail
     * only one is tried: Kafka's client blocks a thread for each while it knows no broker, and one is enough to find out
     * that there is one again.
     */
    private static final int AT_ONCE = 500;
    private static final long CLOSE_MILLIS = 2000;

    private final Context context;
    private final PublishMetrics counts;
    private final int buffer;
    private final AtomicInteger waiting;
    private final Queue<PublishedForecast> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private int underway;
    private boolean delivering;

    ForecastPublisher(Vertx vertx, int buffer, PublishMetrics counts) {
        this.context = vertx.getOrCreateContext();
        this.buffer = buffer;
        this.counts = requireNonNull(counts, "counts");
        this.waiting = counts.waiting();
    }

    /** Takes it, or drops and counts it; returns at once. */
    void offer(PublishedForecast served) {
        if (waiting.incrementAndGet() > buffer) {
            waiting.decrementAndGet();
            counts.full();
            return;
        }
        queue.add(served);
        if (!woken.getAndSet(true)) {
            context.runOnContext(here -> send());
        }
    }

    /** Begins to send; to be called on this one's context. */
    void begin(KafkaProducer<byte[], byte[]> opened) {
        // Each delivery tells its own failure; without a handler they would be logged as well.
        producer = opened.exceptionHandler(failure -> {});
        send();
    }

    Context context() {
        return context;
    }

    private void send() {
        woken.set(false);
        KafkaProducer<byte[], byte[]> to = producer;
        while (to != null && underway < (delivering ? AT_ONCE : 1)) {
            PublishedForecast next = queue.poll();
            if (next == null) {
                return;
            }
            underway++;
            to.send(KafkaProducerRecord.create(PublishedForecast.TOPIC, next.key(), next.json()))
                    .onComplete((done, failure) -> context.runOnContext(here -> delivered(failure)));
        }
    }

    private void delivered(@Nullable Throwable failure) {
        underway--;
        waiting.decrementAndGet();
        delivering = failure == null;
        if (failure == null) {
            counts.sent();
        } else {
            counts.undelivered(failure.toString());
        }
        send();
    }

    /** Gives what waits a moment; what is left then is counted as undelivered. */
    Future<Void> close() {
        KafkaProducer<byte[], byte[]> open = producer;
        Future<Void> closed = open == null
                ? Future.succeededFuture()
                : open.close(CLOSE_MILLIS).timeout(2 * CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        return closed.transform(done -> {
            producer = null;
            for (PublishedForecast left = queue.poll(); left != null; left = queue.poll()) {
                waiting.decrementAndGet();
                counts.undelivered("the server stops");
            }
            return Future.succeededFuture();
        });
    }
}
