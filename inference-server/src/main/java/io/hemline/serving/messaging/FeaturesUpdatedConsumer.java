package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecord;
import io.vertx.kafka.client.consumer.OffsetAndTimestamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears every {@code features-updated} that was told since this server started, one after another.
 *
 * <p>Confined to one event loop, on which {@link #close} brings itself.
 */
final class FeaturesUpdatedConsumer {

    /*
     * Every server must hear every event, since each has memories of its own. So no group: the partitions are assigned to
     * each server, whose place in them is its own and ends with it. A group for each server would leave the broker with
     * dead groups, take its time to balance, and fall back to the end of the log, past unheard events, whenever the
     * broker was away for longer than a session.
     *
     * It begins with the events of the minute before its own start, by the broker's clock: all that is remembered is
     * younger. An event heard twice evicts twice, which does no harm. While the broker is away its place stays.
     *
     * An event that could not be applied, since the feature store is away too, is tried again until it can be; what
     * follows waits in Kafka.
     */
    private static final Logger log = LoggerFactory.getLogger(FeaturesUpdatedConsumer.class);
    private static final long MARGIN_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 30_000;
    private static final long SOON_MILLIS = 1000;

    private final Vertx vertx;
    private final Context context;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final FeaturesListener listener;
    private final UpdateMetrics counts;
    private final long sinceMillis;
    private final Set<TopicPartition> assigned = new HashSet<>();
    private boolean applying;
    private boolean away;
    private boolean closed;

    FeaturesUpdatedConsumer(
            Vertx vertx,
            KafkaConsumer<byte[], byte[]> consumer,
            FeaturesListener listener,
            UpdateMetrics counts,
            long startMillis) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.context = vertx.getOrCreateContext();
        this.consumer = requireNonNull(consumer, "consumer");
        this.listener = requireNonNull(listener, "listener");
        this.counts = requireNonNull(counts, "counts");
        this.sinceMillis = startMillis - MARGIN_MILLIS;
    }

    void open() {
        consumer.exceptionHandler(failure -> context.runOnContext(here -> missed(failure.toString())));
        consumer.handler(this::heard);
        // Without partitions nothing can be polled yet, but only an opened consumer can be asked for them.
        consumer.pause();
        consumer.assign(Set.of()).onComplete(opened -> look());
    }

    /** Finds the partitions, and later whether there are new ones. */
    private void look() {
        if (closed) {
            return;
        }
        consumer.partitionsFor(FeaturesUpdated.TOPIC)
                .map(partitions -> partitions.stream()
                        .map(partition -> new TopicPartition(FeaturesUpdated.TOPIC, partition.getPartition()))
                        .filter(partition -> !assigned.contains(partition))
                        .collect(Collectors.toSet()))
                .compose(this::begin)
                .onComplete((done, failure) -> {
                    if (failure != null) {
                        missed(failure.toString());
                    } else if (assigned.isEmpty()) {
                        missed("there is no topic " + FeaturesUpdated.TOPIC);
                    } else {
                        found();
                    }
                    vertx.setTimer(away ? SOON_MILLIS : LOOK_MILLIS, id -> look());
                });
    }

    private void missed(String why) {
        if (!away && !closed) {
            log.warn("changed features are not heard of: {}; it is tried again until they are", why);
        }
        away = true;
    }

    private void found() {
        if (away) {
            log.info("changed features are heard of");
        }
        away = false;
    }

    private Future<Void> begin(Set<TopicPartition> found) {
        if (found.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        found.forEach(partition -> times.put(partition, sinceMillis));
        Set<TopicPartition> all = new HashSet<>(assigned);
        all.addAll(found);
        // The ends are asked first: what comes between the two questions is found by its time or stands behind the end.
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

    private void heard(KafkaConsumerRecord<byte[], byte[]> event) {
        FeaturesUpdated update;
        try {
            update = FeaturesUpdatedReader.read(event.value());
        } catch (InvalidEvent e) {
            counts.bad(e, event.topic() + "-" + event.partition() + "@" + event.offset());
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
                        counts.applied();
                        applying = false;
                        consumer.resume();
                    } else {
                        counts.retried();
                        vertx.setTimer(SOON_MILLIS, id -> apply(update));
                    }
                }));
    }

    /** To be called from anywhere. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(here -> {
            closed = true;
            consumer.close().onComplete(done);
        });
        return done.future();
    }
}
