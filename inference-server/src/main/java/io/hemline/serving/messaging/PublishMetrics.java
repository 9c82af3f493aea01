package io.hemline.serving.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the forecasts that were to be told: {@code events_served_total{outcome}}, and how many wait.
 *
 * <p>Thread-safe: counters, an atomic number and an atomic flag.
 */
final class PublishMetrics {

    private static final Logger log = LoggerFactory.getLogger(PublishMetrics.class);

    private final Counter sent;
    private final Counter full;
    private final Counter undelivered;
    private final AtomicInteger waiting;
    private final AtomicBoolean losing = new AtomicBoolean();

    PublishMetrics(MeterRegistry meters) {
        this.sent = counter("sent", meters);
        this.full = counter("full", meters);
        this.undelivered = counter("undelivered", meters);
        this.waiting = meters.gauge("events.served.waiting", new AtomicInteger());
    }

    private static Counter counter(String outcome, MeterRegistry meters) {
        return Counter.builder("events.served")
                .description(
                        "Computed forecasts told to Kafka: sent; lost since too many waited, or not delivered in time")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** How many wait now; the caller changes it. */
    AtomicInteger waiting() {
        return waiting;
    }

    void sent() {
        sent.increment();
        if (waiting.get() == 0 && losing.getAndSet(false)) {
            log.info("served forecasts are told to Kafka again");
        }
    }

    void full() {
        full.increment();
        lost("too many wait");
    }

    void undelivered(String why) {
        undelivered.increment();
        lost(why);
    }

    private void lost(String why) {
        if (!losing.getAndSet(true)) {
            log.warn("served forecasts are not told to Kafka: {}; they are dropped and counted", why);
        }
    }
}
