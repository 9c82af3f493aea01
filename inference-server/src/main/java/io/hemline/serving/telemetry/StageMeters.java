package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Stages;
import io.hemline.serving.core.Stages.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The histogram {@code forecast_stage_duration_seconds}, with a series for each {@link Stage} of a request.
 *
 * <p>Thread-safe: the timers are, and the map is not modified after construction.
 */
public final class StageMeters {

    /** Microseconds; a cache hit takes less than the first. */
    private static final long[] BUCKETS = {
        50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 150_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000
    };

    private final Map<Stage, LongConsumer> recorders = new EnumMap<>(Stage.class);

    public StageMeters(MeterRegistry meters) {
        for (Stage stage : Stage.values()) {
            recorders.put(stage, recorder(stage.word(), meters));
        }
    }

    /** Records the stages of one request. */
    public void record(Stages stages) {
        stages.tell((stage, start, end) ->
                requireNonNull(recorders.get(stage), "stage").accept(end - start));
    }

    /** Records durations in nanoseconds in the series of a stage. */
    public static LongConsumer recorder(String stage, MeterRegistry meters) {
        Timer timer = Timer.builder("forecast.stage.duration")
                .description("How long the stages of a forecast took")
                .tag("stage", stage)
                .serviceLevelObjectives(Arrays.stream(BUCKETS)
                        .mapToObj(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)))
                        .toArray(Duration[]::new))
                .register(meters);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }
}
