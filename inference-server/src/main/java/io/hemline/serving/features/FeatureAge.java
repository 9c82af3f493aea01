package io.hemline.serving.features;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How old the newest features are: {@code features_age_seconds}; {@code NaN} while there are none. */
public final class FeatureAge {

    private FeatureAge() {}

    /** Shows the age of what that source knows. */
    public static void register(FeatureSource source, Clock clock, MeterRegistry meters) {
        Gauge.builder("features.age", () -> seconds(source.asOf(), clock.instant()))
                .description("Age of the newest features")
                .baseUnit("seconds")
                .register(meters);
    }

    /** The seconds since an RFC 3339 time. */
    static double seconds(String asOf, Instant now) {
        return asOf.isEmpty()
                ? Double.NaN
                : Duration.between(Instant.parse(asOf), now).toMillis() / 1000.0;
    }
}
