package io.hemline.serving.messaging;

import io.hemline.serving.core.Forecaster;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The events that the server consumes from and publishes to other systems. */
public interface Events {

    /**
     * A step that publishes the forecasts of known trends that the next one computes.
     *
     * @param live whether clients are answered by this version now
     */
    Forecaster publishing(BooleanSupplier live, Forecaster next);

    /** Starts to consume and publish; does not wait for a broker. */
    void start(FeaturesListener listener);

    /** Stops to consume and publish, after a grace period for queued events. */
    Future<Void> close();

    /** The events of a server without brokers. */
    static Events none() {
        return new Disabled();
    }

    /**
     * The configured events, disabled without brokers. Throws {@link java.io.UncheckedIOException} for unusable
     * settings.
     */
    static Events of(EventsConfig config, Vertx vertx, Clock clock, MeterRegistry meters) {
        return config.kafka().enabled() ? new KafkaEvents(config.kafka(), vertx, clock, meters) : none();
    }

    /** Receives the trends whose features changed. */
    @FunctionalInterface
    interface FeaturesListener {

        /** Drops everything derived from the old features of the trends; a failure makes the consumer retry. */
        Future<Void> updated(String market, List<String> hashtags);
    }

    /**
     * Neither consumes nor publishes.
     *
     * <p>Immutable.
     */
    final class Disabled implements Events {

        private Disabled() {}

        @Override
        public Forecaster publishing(BooleanSupplier live, Forecaster next) {
            return next;
        }

        @Override
        public void start(FeaturesListener listener) {}

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
