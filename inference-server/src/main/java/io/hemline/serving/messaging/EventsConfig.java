package io.hemline.serving.messaging;

import static java.util.Objects.requireNonNull;

/**
 * The events that are heard and told.
 *
 * <p>Immutable.
 *
 * @param kafka where they come from and go to
 */
public record EventsConfig(KafkaConfig kafka) {

    public EventsConfig {
        requireNonNull(kafka, "kafka");
    }

    /** None. */
    public static EventsConfig defaults() {
        return new EventsConfig(KafkaConfig.defaults());
    }
}
