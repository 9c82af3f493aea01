package io.hemline.serving.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.testing.Forecasts;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queueing and loss of events, with Kafka's mock producer. */
class ForecastPublisherTest {

    private static final int CAPACITY = 10;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final ForecastPublisher publisher = new ForecastPublisher(vertx, CAPACITY, meters);

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void queuesUpToItsCapacityUntilThereIsAProducerAndCountsTheRest() throws InterruptedException {
        offer(CAPACITY + 3);
        assertThat(counted("full")).isEqualTo(3);

        start();
        deliverAll(CAPACITY);

        assertThat(counted("sent")).isEqualTo(CAPACITY);
        assertThat(waiting()).isZero();
        assertThat(kafka.history())
                .extracting(sent -> new String(sent.key(), UTF_8))
                .containsOnly("vn/wideleg");
    }

    @Test
    void sendsOneAtATimeUntilADeliverySucceeds() throws InterruptedException {
        start();
        offer(3);

        TestServer.until("the first is in flight", () -> kafka.history().size() == 1);
        kafka.errorNext(new TimeoutException("no broker"));
        TestServer.until("the second is in flight", () -> kafka.history().size() == 2);
        assertThat(counted("undelivered")).isEqualTo(1);
        kafka.completeNext();
        TestServer.until("the third is in flight", () -> kafka.history().size() == 3);
        kafka.completeNext();
        TestServer.until("two were sent", () -> counted("sent") == 2);

        assertThat(waiting()).isZero();
    }

    @Test
    void countsQueuedEventsAsUndeliveredWhenTheServerStops() throws Exception {
        offer(4);

        publisher.close().await(20, TimeUnit.SECONDS);

        assertThat(counted("undelivered")).isEqualTo(4);
        assertThat(waiting()).isZero();
    }

    private void start() {
        publisher.context().runOnContext(here -> publisher.start(KafkaProducer.create(vertx, kafka)));
    }

    private void offer(int times) {
        for (int i = 0; i < times; i++) {
            publisher.offer(
                    new PublishedForecast("a-" + i, Instant.EPOCH, Forecasts.forecastOf("wideleg"), Forecasts.MODEL));
        }
    }

    private void deliverAll(int all) throws InterruptedException {
        TestServer.until("all are sent", () -> {
            kafka.completeNext();
            return counted("sent") == all;
        });
    }

    private double counted(String outcome) {
        return meters.get("events.served").tag("outcome", outcome).counter().count();
    }

    private double waiting() {
        return meters.get("events.served.waiting").gauge().value();
    }
}
