package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

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
}
