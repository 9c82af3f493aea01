package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;

/**
 * Times a stage of the way: {@code forecast_stage_duration_seconds} with its name, the steps further in included.
 *
 * <p>Thread-safe: the timer is.
 */
public final class TimedForecaster implements Forecaster {

    private final Forecaster next;
    private final StageTimes times;

    /** Times {@code next} under the name of a stage, such as {@code forecast} for the whole way. */
    public TimedForecaster(Forecaster next, String stage, MeterRegistry meters) {
        this.next = requireNonNull(next, "next");
        this.times = new StageTimes(stage, meters);
    }

    @Override
    public Future<Answer> forecast(Request request) {
        long start = System.nanoTime();
        Future<Answer> answer = next.forecast(request);
        if (answer.isComplete()) {
            times.record(System.nanoTime() - start);
            return answer;
        }
        return answer.onComplete(done -> times.record(System.nanoTime() - start));
    }

    @Override
    public String toString() {
        return "timed ▶ " + next;
    }
}
