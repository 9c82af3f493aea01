package io.hemline.serving.messaging;

import io.hemline.serving.core.Forecaster;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/** What the server hears from other systems and tells them. */
public interface Events {

    /**
     * A step that publishes what the next one computes about known trends.
     *
     * @param live whether clients are answered by this version now
     */
    Forecaster publishing(BooleanSupplier live, Forecaster next);

    /** Begins to hear and to tell; whether there is a broker shows later. */
    void start(FeaturesListener listener);

    /** Hears and tells nothing more, after a moment for what waits. */
    Future<Void> close();

    /** Those of a server on its own. */
    static Events none() {
        return new DisabledEvents();
    }

    /** The events of the configuration, or none. Throws an {@link java.io.UncheckedIOException} for unusable settings. */
    static Events of(EventsConfig config, Vertx vertx, Clock clock, MeterRegistry meters) {
        return config.kafka().on() ? new KafkaEvents(config.kafka(), vertx, clock, meters) : none();
    }
}
