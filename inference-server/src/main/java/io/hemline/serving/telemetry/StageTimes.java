package io.hemline.serving.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long one stage of the way took: {@code forecast_stage_duration_seconds{stage=…}}. The buckets start at 50 µs, for a
 * hit takes no more.
 *
 * <p>Thread-safe: the timer is.
 */
public final class StageTimes {

    private static final long[] BUCKETS_MICROS = {
        50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 150_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000
    };

    private final Timer timer;

    /** The times of the stage of that name. */
    public StageTimes(String stage, MeterRegistry meters) {
        Duration[] buckets = new Duration[BUCKETS_MICROS.length];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(BUCKETS_MICROS[i]));
        }
        this.timer = Timer.builder("forecast.stage.duration")
                .description("How long the stages of a forecast took")
                .tag("stage", stage)
                .serviceLevelObjectives(buckets)
                .register(meters);
    }

    /** Counts one passage. */
    public void record(long nanos) {
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }
}
