package io.hemline.serving.messaging;

import io.hemline.serving.messaging.InvalidEvent.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the events heard, in {@code events_received_total{topic, outcome}}; of each kind of bad ones the log shows
 * the first.
 *
 * <p>Confined to one event loop.
 */
final class UpdateMetrics {

    private static final Logger log = LoggerFactory.getLogger(UpdateMetrics.class);

    private final MeterRegistry meters;
    private final Counter applied;
    private final Counter retried;
    private final Set<Kind> told = EnumSet.noneOf(Kind.class);

    UpdateMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.applied = counter("applied");
        this.retried = counter("retried");
        for (Kind kind : Kind.values()) {
            counter(word(kind));
        }
    }

    private Counter counter(String outcome) {
        return Counter.builder("events.received")
                .description("Events heard: applied, tried again because the feature store did not answer, or unusable")
                .tag("topic", FeaturesUpdated.TOPIC)
                .tag("outcome", outcome)
                .register(meters);
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void applied() {
        applied.increment();
    }

    void retried() {
        retried.increment();
    }

    void bad(InvalidEvent event, String where) {
        counter(word(event.kind())).increment();
        if (told.add(event.kind())) {
            log.warn(
                    "{} is skipped: {}; further ones that are {} are only counted",
                    where,
                    event.getMessage(),
                    word(event.kind()));
        }
    }
}
