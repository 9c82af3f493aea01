package io.hemline.serving.engine;

import io.hemline.serving.batch.BatchRejected;
import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;

/** The batcher's refusals and the sessions' breakdowns in the words of a forecast. */
public final class EngineFailures {

    private EngineFailures() {}

    public static ForecastException of(String what, Throwable cause) {
        if (cause instanceof ForecastException known) {
            return known;
        }
        if (!(cause instanceof BatchRejected refused)) {
            return ForecastException.internal("the " + what + " failed", cause);
        }
        return switch (refused.reason()) {
            case FULL, CLOSED ->
                ForecastException.of(Failure.OVERLOADED, "the " + what + " is busy: " + refused.getMessage());
            case LATE ->
                ForecastException.of(
                        Failure.DEADLINE_EXCEEDED, "the " + what + " was not done in time: " + refused.getMessage());
        };
    }
}
