package io.hemline.serving.lifecycle;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Request;
import io.vertx.core.Future;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Records how long the forecasts of a version took, and whether they failed.
 *
 * <p>Thread-safe: the health and the recorder are.
 */
public final class MeasuredForecaster implements Forecaster {

    private final VersionHealth health;
    private final LongConsumer nanosSeen;
    private final Forecaster next;

    /** Records in the health of the version; {@code nanosSeen} also receives the nanoseconds. */
    public MeasuredForecaster(VersionHealth health, LongConsumer nanosSeen, Forecaster next) {
        this.health = requireNonNull(health, "health");
        this.nanosSeen = requireNonNull(nanosSeen, "nanosSeen");
        this.next = requireNonNull(next, "next");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        long start = System.nanoTime();
        Future<Answer> answer = next.forecast(request);
        if (answer.isComplete()) {
            record(answer.result(), answer.cause(), start);
            return answer;
        }
        return answer.onComplete((result, failure) -> record(result, failure, start));
    }

    private void record(@Nullable Answer answer, @Nullable Throwable failure, long startNanos) {
        long nanos = System.nanoTime() - startNanos;
        nanosSeen.accept(nanos);
        health.record(answer, failure, nanos);
    }

    @Override
    public String toString() {
        return "measured ▶ " + next;
    }
}
