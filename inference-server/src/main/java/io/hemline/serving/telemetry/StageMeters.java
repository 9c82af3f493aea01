package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Stage;
import io.hemline.serving.core.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * {@code forecast_stage_duration_seconds} of each {@link Stage} that requests pass.
 *
 * <p>Thread-safe: the timers are, and the map is never written again.
 */
public final class StageMeters {

    private final Map<Stage, StageTimes> times = new EnumMap<>(Stage.class);

    public StageMeters(MeterRegistry meters) {
        for (Stage stage : Stage.values()) {
            times.put(stage, new StageTimes(stage.word(), meters));
        }
    }

    /** Counts the stages of one request. */
    public void record(Stages stages) {
        stages.tell(
                (stage, start, end) -> requireNonNull(times.get(stage), "stage").record(end - start));
    }
}
