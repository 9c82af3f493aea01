package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events over Kafka. The server starts and answers without a broker.
 *
 * <p>Thread-safe: {@code sequence} is atomic, {@code consumer} and {@code closed} are volatile.
 */
final class KafkaEvents implements Events {

    private static final Logger log = LoggerFactory.getLogger(KafkaEvents.class);
    private static final long RETRY_MILLIS = 5000;

    private final Vertx vertx;
    private final Clock clock;
    private final String instance = UUID.randomUUID().toString();
    private final AtomicLong sequence = new AtomicLong();
    private final Map<String, Object> producerSettings;
    private final Map<String, Object> consumerSettings;
    private final ForecastPublisher publisher;
    private final FeaturesUpdatedConsumer.Metrics consumerMetrics;
    private final long startMillis;
    private volatile @Nullable FeaturesUpdatedConsumer consumer;
    private volatile boolean closed;

    KafkaEvents(KafkaConfig config, Vertx vertx, Clock clock, MeterRegistry meters) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.clock = requireNonNull(clock, "clock");
        this.producerSettings = KafkaSettings.producer(config);
        this.consumerSettings = KafkaSettings.consumer(config);
        this.publisher = new ForecastPublisher(vertx, config.buffer(), meters);
        this.consumerMetrics = new FeaturesUpdatedConsumer.Metrics(meters);
        this.startMillis = clock.millis();
    }

    @Override
    public void start(FeaturesListener listener) {
        open(
                publisher.context(),
                () -> new org.apache.kafka.clients.producer.KafkaProducer<byte[], byte[]>(producerSettings),
                client -> publisher.start(KafkaProducer.create(vertx, client)));
        open(
                vertx.getOrCreateContext(),
                () -> new org.apache.kafka.clients.consumer.KafkaConsumer<byte[], byte[]>(consumerSettings),
                client -> {
                    FeaturesUpdatedConsumer opened = new FeaturesUpdatedConsumer(
                            vertx, KafkaConsumer.create(vertx, client), listener, consumerMetrics, startMillis);
                    consumer = opened;
                    opened.open();
                });
    }

    /** Creates a client on a worker thread, since it resolves names, and retries until that succeeds. */
    private <C> void open(Context context, Callable<C> factory, Consumer<C> opened) {
        context.runOnContext(here -> context.executeBlocking(factory).onComplete((client, failure) -> {
            if (failure == null) {
                opened.accept(client);
            } else if (!closed) {
                log.warn("the Kafka client cannot be created: {}; retrying", reason(failure));
                vertx.setTimer(RETRY_MILLIS, id -> open(context, factory, opened));
            }
        }));
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof KafkaException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }

    @Override
    public Forecaster publishing(BooleanSupplier live, Forecaster next) {
        return new PublishingForecaster(this::publish, live, next);
    }

    private void publish(Forecast forecast, ModelIdentity model) {
        publisher.offer(
                new PublishedForecast(instance + "-" + sequence.incrementAndGet(), clock.instant(), forecast, model));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        FeaturesUpdatedConsumer open = consumer;
        Promise<Void> done = Promise.promise();
        publisher
                .context()
                .runOnContext(
                        here -> Future.join(publisher.close(), open == null ? Future.succeededFuture() : open.close())
                                .<Void>mapEmpty()
                                .onComplete(done));
        return done.future();
    }
}
