package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Settings of the events.
 *
 * <p>Immutable.
 *
 * @param kafka the brokers of both topics
 */
public record EventsConfig(KafkaConfig kafka) {

    public EventsConfig {
        requireNonNull(kafka, "kafka");
    }

    /** No events. */
    public static EventsConfig defaults() {
        return new EventsConfig(KafkaConfig.defaults());
    }

    /**
     * Settings of the connection to Kafka.
     *
     * <p>Immutable.
     *
     * @param bootstrapServers bootstrap brokers, {@code host:port,host:port}; empty disables events
     * @param propertiesFile further settings of Kafka's clients, such as TLS and SASL; empty for none
     * @param buffer the most forecasts queued for the broker; more are dropped and counted
     */
    public record KafkaConfig(String bootstrapServers, Path propertiesFile, int buffer) {

        private static final Pattern SERVERS = Pattern.compile("[^\\s,/@]+:\\d{1,5}(,[^\\s,/@]+:\\d{1,5})*");

        public KafkaConfig {
            requireNonNull(bootstrapServers, "bootstrapServers");
            requireNonNull(propertiesFile, "propertiesFile");
            if (!bootstrapServers.isEmpty()
                    && !SERVERS.matcher(bootstrapServers).matches()) {
                throw new IllegalArgumentException(
                        "bootstrapServers: such as kafka-1:9092,kafka-2:9092, not " + bootstrapServers);
            }
            if (buffer < 1 || buffer > 1_000_000) {
                throw new IllegalArgumentException("buffer: 1 to 1000000, not " + buffer);
            }
        }

        /** No brokers; a queue of ten thousand forecasts, some 30 MB. */
        public static KafkaConfig defaults() {
            return new KafkaConfig("", Path.of(""), 10_000);
        }

        /** Whether there are brokers. */
        public boolean enabled() {
            return !bootstrapServers.isEmpty();
        }
    }
}
