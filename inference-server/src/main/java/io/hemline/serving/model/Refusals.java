package io.hemline.serving.model;

import io.hemline.serving.batch.BatchRefused;
import io.hemline.serving.forecast.Failure;
import io.hemline.serving.forecast.ForecastException;

/** The batcher's refusals and the sessions' breakdowns in the words of a forecast. */
final class Refusals {

    private Refusals() {}

    static ForecastException of(String what, Throwable cause) {
        if (cause instanceof ForecastException known) {
            return known;
        }
        if (!(cause instanceof BatchRefused refused)) {
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
