package io.hemline.serving.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes computed forecasts to Kafka, asynchronously to their answers.
 *
 * <p>Thread-safe: {@link #offer} uses a concurrent queue, which {@code pending} bounds; the other methods and fields
 * are confined to the event loop of {@link #context}.
 */
final class ForecastPublisher {

    /*
     * Offering costs one insertion into a queue, independent of the state of Kafka. The queue is bounded; a few hundred
     * records at a time go to Kafka's client, which keeps each for at most a minute. While deliveries fail only one
     * record is in flight: without a known broker Kafka's client blocks one thread for each send, and one is enough to
     * notice that a broker is back.
     */
    private static final int MAX_IN_FLIGHT = 500;
    private static final long CLOSE_MILLIS = 2000;

    private final Context context;
    private final int capacity;
    private final Metrics metrics;
    private final AtomicInteger pending;
    private final Queue<PublishedForecast> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sendScheduled = new AtomicBoolean();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private int inFlight;
    private boolean lastDelivered;

    ForecastPublisher(Vertx vertx, int capacity, MeterRegistry meters) {
        this.context = vertx.getOrCreateContext();
        this.capacity = capacity;
        this.metrics = new Metrics(meters);
        this.pending = meters.gauge("events.served.waiting", new AtomicInteger());
    }

    /** Queues the forecast, or drops and counts it; never blocks. */
    void offer(PublishedForecast forecast) {
        if (pending.incrementAndGet() > capacity) {
            pending.decrementAndGet();
            metrics.full();
            return;
        }
        queue.add(forecast);
        if (!sendScheduled.getAndSet(true)) {
            context.runOnContext(here -> send());
        }
    }

    /** Starts sending; to be called on {@link #context}. */
    void start(KafkaProducer<byte[], byte[]> opened) {
        // Each send reports its own failure; without a handler the failure would be logged as well.
        producer = opened.exceptionHandler(failure -> {});
        send();
    }

    Context context() {
        return context;
    }

    private void send() {
        sendScheduled.set(false);
        KafkaProducer<byte[], byte[]> to = producer;
        while (to != null && inFlight < (lastDelivered ? MAX_IN_FLIGHT : 1)) {
            PublishedForecast next = queue.poll();
            if (next == null) {
                return;
            }
            inFlight++;
            to.send(KafkaProducerRecord.create(PublishedForecast.TOPIC, next.key(), next.json()))
                    .onComplete((done, failure) -> context.runOnContext(here -> delivered(failure)));
        }
    }

    private void delivered(@Nullable Throwable failure) {
        inFlight--;
        int left = pending.decrementAndGet();
        lastDelivered = failure == null;
        if (failure == null) {
            metrics.sent(left == 0);
        } else {
            metrics.undelivered(failure.toString());
        }
        send();
    }

    /** Flushes for a grace period; the records that remain count as undelivered. */
    Future<Void> close() {
        KafkaProducer<byte[], byte[]> open = producer;
        Future<Void> closed = open == null
                ? Future.succeededFuture()
                : open.close(CLOSE_MILLIS).timeout(2 * CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        return closed.transform(done -> {
            producer = null;
            for (PublishedForecast left = queue.poll(); left != null; left = queue.poll()) {
                pending.decrementAndGet();
                metrics.undelivered("the server stops");
            }
            return Future.succeededFuture();
        });
    }

    /**
     * Counts the outcomes in {@code events_served_total{outcome}}, and logs when losses begin and end.
     *
     * <p>Thread-safe: counters and an atomic flag.
     */
    private static final class Metrics {

        private static final Logger log = LoggerFactory.getLogger(ForecastPublisher.class);

        private final Counter sent;
        private final Counter full;
        private final Counter undelivered;
        private final AtomicBoolean losing = new AtomicBoolean();

        Metrics(MeterRegistry meters) {
            this.sent = counter("sent", meters);
            this.full = counter("full", meters);
            this.undelivered = counter("undelivered", meters);
        }

        private static Counter counter(String outcome, MeterRegistry meters) {
            return Counter.builder("events.served")
                    .description(
                            "Computed forecasts for Kafka: sent, dropped because the queue was full, or undelivered")
                    .tag("outcome", outcome)
                    .register(meters);
        }

        void sent(boolean queueEmpty) {
            sent.increment();
            if (queueEmpty && losing.getAndSet(false)) {
                log.info("served forecasts are published to Kafka again");
            }
        }

        void full() {
            full.increment();
            lost("the queue is full");
        }

        void undelivered(String reason) {
            undelivered.increment();
            lost(reason);
        }

        private void lost(String reason) {
            if (!losing.getAndSet(true)) {
                log.warn("served forecasts are not published to Kafka: {}; they are dropped and counted", reason);
            }
        }
    }
}
