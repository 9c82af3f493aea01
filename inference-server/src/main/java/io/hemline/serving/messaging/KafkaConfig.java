package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The Kafka of the events.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers brokers to begin with, as {@code host:port,host:port}; empty for no events
 * @param propertiesFile more settings of Kafka's own clients, such as those of TLS and SASL; empty for none
 * @param buffer the most computed forecasts that may wait for the broker; more are dropped and counted
 */
public record KafkaConfig(String bootstrapServers, Path propertiesFile, int buffer) {

    private static final Pattern SERVERS = Pattern.compile("[^\\s,/@]+:\\d{1,5}(,[^\\s,/@]+:\\d{1,5})*");

    public KafkaConfig {
        requireNonNull(bootstrapServers, "bootstrapServers");
        requireNonNull(propertiesFile, "propertiesFile");
        if (!bootstrapServers.isEmpty() && !SERVERS.matcher(bootstrapServers).matches()) {
            throw new IllegalArgumentException(
                    "bootstrapServers: such as kafka-1:9092,kafka-2:9092, not " + bootstrapServers);
        }
        if (buffer < 1 || buffer > 1_000_000) {
            throw new IllegalArgumentException("buffer: 1 to 1000000, not " + buffer);
        }
    }

    /** No Kafka; once there is one, up to ten thousand forecasts, some 30 MB, may wait for it. */
    public static KafkaConfig defaults() {
        return new KafkaConfig("", Path.of(""), 10_000);
    }

    boolean on() {
        return !bootstrapServers.isEmpty();
    }
}
