package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
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
 * Events over Kafka. Whether there is a broker shows later: the server starts and answers without one.
 *
 * <p>Thread-safe: {@code number} is atomic, {@code updates} and {@code closed} are volatile.
 */
final class KafkaEvents implements Events {

    private static final Logger log = LoggerFactory.getLogger(KafkaEvents.class);
    private static final long AGAIN_MILLIS = 5000;

    private final Vertx vertx;
    private final Clock clock;
    private final String instance = UUID.randomUUID().toString();
    private final AtomicLong number = new AtomicLong();
    private final Map<String, Object> producing;
    private final Map<String, Object> consuming;
    private final ForecastPublisher served;
    private final UpdateMetrics counts;
    private final long startMillis;
    private volatile @Nullable FeaturesUpdatedConsumer updates;
    private volatile boolean closed;

    KafkaEvents(KafkaConfig config, Vertx vertx, Clock clock, MeterRegistry meters) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.clock = requireNonNull(clock, "clock");
        this.producing = KafkaSettings.producer(config);
        this.consuming = KafkaSettings.consumer(config);
        this.served = new ForecastPublisher(vertx, config.buffer(), new PublishMetrics(meters));
        this.counts = new UpdateMetrics(meters);
        this.startMillis = clock.millis();
    }

    @Override
    public void start(FeaturesListener listener) {
        open(
                served.context(),
                () -> new org.apache.kafka.clients.producer.KafkaProducer<byte[], byte[]>(producing),
                client -> served.begin(KafkaProducer.create(vertx, client)));
        open(
                vertx.getOrCreateContext(),
                () -> new org.apache.kafka.clients.consumer.KafkaConsumer<byte[], byte[]>(consuming),
                client -> {
                    FeaturesUpdatedConsumer opened = new FeaturesUpdatedConsumer(
                            vertx, KafkaConsumer.create(vertx, client), listener, counts, startMillis);
                    updates = opened;
                    opened.open();
                });
    }

    /** Makes a client off the event loop, since it looks names up, and again until that works. */
    private <C> void open(Context context, Callable<C> client, Consumer<C> opened) {
        context.runOnContext(here -> context.executeBlocking(client).onComplete((made, failure) -> {
            if (failure == null) {
                opened.accept(made);
            } else if (!closed) {
                log.warn("a client of Kafka cannot be made: {}; it is tried again", reason(failure));
                vertx.setTimer(AGAIN_MILLIS, id -> open(context, client, opened));
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
        return new PublishingForecaster(this::served, live, next);
    }

    private void served(Forecast forecast, ModelIdentity model) {
        served.offer(
                new PublishedForecast(instance + "-" + number.incrementAndGet(), clock.instant(), forecast, model));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        FeaturesUpdatedConsumer hearing = updates;
        Promise<Void> done = Promise.promise();
        served.context()
                .runOnContext(here -> Future.join(
                                served.close(), hearing == null ? Future.succeededFuture() : hearing.close())
                        .<Void>mapEmpty()
                        .onComplete(done));
        return done.future();
    }
}
