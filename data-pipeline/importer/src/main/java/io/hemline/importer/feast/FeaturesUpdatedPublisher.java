package io.hemline.importer.feast;

import io.hemline.importer.report.ImportException;
import io.hemline.serving.messaging.EventsConfig.KafkaConfig;
import io.hemline.serving.messaging.FeaturesUpdated;
import io.hemline.serving.messaging.KafkaSettings;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Publishes {@code features-updated} events with the server's own settings of Kafka.
 *
 * <p>Thread-safe: the producer is.
 */
final class FeaturesUpdatedPublisher implements AutoCloseable {

    private final String where;
    private final KafkaProducer<byte[], byte[]> producer;

    private FeaturesUpdatedPublisher(String where, KafkaProducer<byte[], byte[]> producer) {
        this.where = where;
        this.producer = producer;
    }

    /** Connects to the brokers; fails if they do not answer or do not have the topic. */
    static FeaturesUpdatedPublisher connect(KafkaConfig config) {
        FeaturesUpdatedPublisher publisher;
        try {
            publisher = new FeaturesUpdatedPublisher(
                    config.bootstrapServers(), new KafkaProducer<>(KafkaSettings.producer(config)));
        } catch (UncheckedIOException e) {
            throw new ImportException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw unreachable(config.bootstrapServers(), e);
        }
        try {
            publisher.producer.partitionsFor(FeaturesUpdated.TOPIC);
            return publisher;
        } catch (KafkaException e) {
            publisher.close();
            throw unreachable(config.bootstrapServers(), e);
        }
    }

    private static ImportException unreachable(String where, KafkaException cause) {
        return new ImportException(
                "Kafka at " + where + " (events.kafka.bootstrap-servers) does not take events: " + reason(cause)
                        + "; start it, or create the topic " + FeaturesUpdated.TOPIC
                        + ", or import without it by --set events.kafka.bootstrap-servers=",
                cause);
    }

    /** Publishes the events; returns when the brokers have them. */
    void publish(List<FeaturesUpdatedEvent> events) throws PublishException {
        List<Future<?>> sent = new ArrayList<>();
        try {
            for (FeaturesUpdatedEvent event : events) {
                sent.add(producer.send(new ProducerRecord<>(FeaturesUpdated.TOPIC, event.key(), event.json())));
            }
            for (Future<?> event : sent) {
                event.get();
            }
        } catch (ExecutionException e) {
            throw new PublishException(reason(e), e);
        } catch (KafkaException e) {
            throw new PublishException(reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishException("interrupted", e);
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(cause.getMessage());
    }

    @Override
    public void close() {
        try {
            producer.close(Duration.ofSeconds(5));
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return where;
    }

    /** Events did not reach the brokers. */
    static final class PublishException extends Exception {

        private static final long serialVersionUID = 1L;

        PublishException(String message, Exception cause) {
            super(message, cause);
        }
    }
}
