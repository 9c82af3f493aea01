package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.messaging.Events.FeaturesListener;
import io.hemline.serving.messaging.FeaturesUpdated.InvalidEvent;
import io.hemline.serving.messaging.FeaturesUpdated.InvalidEvent.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecord;
import io.vertx.kafka.client.consumer.OffsetAndTimestamp;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes every {@code features-updated} event since the start of this server, one after another.
 *
 * <p>Confined to one event loop; {@link #close} switches to it.
 */
final class FeaturesUpdatedConsumer {

    /*
     * Every server must apply every event, since each has its own caches. So there is no consumer group: each server
     * assigns itself all partitions and keeps its offsets in memory. A group per server would leave dead groups at the
     * broker, add rebalancing delays, and reset to the end of the log, past unread events, after an outage longer than
     * a session.
     *
     * Consumption starts one minute before the server's own start, by the broker's clock: every cache entry is younger.
     * Applying an event twice is harmless. Offsets survive an outage of the broker.
     *
     * An event that cannot be applied, because the feature store is down too, is retried until it succeeds; later
     * events stay in Kafka meanwhile.
     */
    private static final Logger log = LoggerFactory.getLogger(FeaturesUpdatedConsumer.class);
    private static final long MARGIN_MILLIS = 60_000;
    private static final long DISCOVERY_MILLIS = 30_000;
    private static final long RETRY_MILLIS = 1000;

    private final Vertx vertx;
    private final Context context;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final FeaturesListener listener;
    private final Metrics metrics;
    private final long sinceMillis;
    private final Set<TopicPartition> assigned = new HashSet<>();
    private boolean applying;
    private boolean disconnected;
    private boolean closed;

    FeaturesUpdatedConsumer(
            Vertx vertx,
            KafkaConsumer<byte[], byte[]> consumer,
            FeaturesListener listener,
            Metrics metrics,
            long startMillis) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.context = vertx.getOrCreateContext();
        this.consumer = requireNonNull(consumer, "consumer");
        this.listener = requireNonNull(listener, "listener");
        this.metrics = requireNonNull(metrics, "metrics");
        this.sinceMillis = startMillis - MARGIN_MILLIS;
    }

    void open() {
        consumer.exceptionHandler(failure -> context.runOnContext(here -> failed(failure.toString())));
        consumer.handler(this::receive);
        // Without partitions there is nothing to poll, but only an opened consumer can list the topic's partitions.
        consumer.pause();
        consumer.assign(Set.of()).onComplete(opened -> discoverPartitions());
    }

    /** Assigns new partitions of the topic, now and periodically. */
    private void discoverPartitions() {
        if (closed) {
            return;
        }
        consumer.partitionsFor(FeaturesUpdated.TOPIC)
                .map(partitions -> partitions.stream()
                        .map(partition -> new TopicPartition(FeaturesUpdated.TOPIC, partition.getPartition()))
                        .filter(partition -> !assigned.contains(partition))
                        .collect(Collectors.toSet()))
                .compose(this::assign)
                .onComplete((done, failure) -> {
                    if (failure != null) {
                        failed(failure.toString());
                    } else if (assigned.isEmpty()) {
                        failed("there is no topic " + FeaturesUpdated.TOPIC);
                    } else {
                        connected();
                    }
                    vertx.setTimer(disconnected ? RETRY_MILLIS : DISCOVERY_MILLIS, id -> discoverPartitions());
                });
    }

    private void failed(String reason) {
        if (!disconnected && !closed) {
            log.warn("{} cannot be consumed: {}; retrying", FeaturesUpdated.TOPIC, reason);
        }
        disconnected = true;
    }

    private void connected() {
        if (disconnected) {
            log.info("{} is consumed", FeaturesUpdated.TOPIC);
        }
        disconnected = false;
    }

    private Future<Void> assign(Set<TopicPartition> found) {
        if (found.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        found.forEach(partition -> times.put(partition, sinceMillis));
        Set<TopicPartition> all = new HashSet<>(assigned);
        all.addAll(found);
        // End offsets first: an event between the two requests is found by its time or is after the end offset.
        return consumer.endOffsets(found)
                .compose(ends -> consumer.offsetsForTimes(times)
                        .compose(starts -> consumer.assign(all).compose(done -> seek(found, starts, ends))))
                .onSuccess(done -> {
                    assigned.addAll(found);
                    if (!applying) {
                        consumer.resume();
                    }
                });
    }

    private Future<Void> seek(
            Set<TopicPartition> found, Map<TopicPartition, OffsetAndTimestamp> starts, Map<TopicPartition, Long> ends) {
        return Future.all(found.stream()
                        .map(partition -> {
                            OffsetAndTimestamp start = starts.get(partition);
                            return consumer.seek(
                                    partition,
                                    start == null ? requireNonNull(ends.get(partition), "end") : start.getOffset());
                        })
                        .toList())
                .mapEmpty();
    }

    private void receive(KafkaConsumerRecord<byte[], byte[]> event) {
        FeaturesUpdated update;
        try {
            update = FeaturesUpdated.parse(event.value());
        } catch (InvalidEvent e) {
            metrics.invalid(e, event.topic() + "-" + event.partition() + "@" + event.offset());
            return;
        }
        consumer.pause();
        applying = true;
        apply(update);
    }

    private void apply(FeaturesUpdated update) {
        if (closed) {
            return;
        }
        listener.updated(update.market(), update.trends())
                .onComplete((done, failure) -> context.runOnContext(here -> {
                    if (failure == null) {
                        metrics.applied.increment();
                        applying = false;
                        consumer.resume();
                    } else {
                        metrics.retried.increment();
                        vertx.setTimer(RETRY_MILLIS, id -> apply(update));
                    }
                }));
    }

    /** May be called from any thread. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(here -> {
            closed = true;
            consumer.close().onComplete(done);
        });
        return done.future();
    }

    /**
     * Counts the consumed events in {@code events_received_total{topic, outcome}}, and logs the first invalid event of
     * each kind.
     *
     * <p>Confined to one event loop.
     */
    static final class Metrics {

        private final MeterRegistry meters;
        private final Counter applied;
        private final Counter retried;
        private final Set<Kind> logged = EnumSet.noneOf(Kind.class);

        Metrics(MeterRegistry meters) {
            this.meters = meters;
            this.applied = counter("applied");
            this.retried = counter("retried");
            for (Kind kind : Kind.values()) {
                counter(tag(kind));
            }
        }

        private Counter counter(String outcome) {
            return Counter.builder("events.received")
                    .description("Events consumed: applied, retried because the feature store was down, or unusable")
                    .tag("topic", FeaturesUpdated.TOPIC)
                    .tag("outcome", outcome)
                    .register(meters);
        }

        private static String tag(Kind kind) {
            return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private void invalid(InvalidEvent event, String position) {
            counter(tag(event.kind())).increment();
            if (logged.add(event.kind())) {
                log.warn(
                        "event {} is skipped: {}; further ones that are {} are only counted",
                        position,
                        event.getMessage(),
                        tag(event.kind()));
            }
        }
    }
}
