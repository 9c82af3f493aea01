package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.TrendQuestion;
import org.jspecify.annotations.Nullable;

/**
 * A forecast and how long it may be given again.
 *
 * <p>Immutable.
 *
 * @param trend what was asked, absent for a caller's own series
 * @param forecast the answer
 * @param madeNanos when it was made
 * @param untilNanos when it is to be forgotten
 */
record CachedForecast(@Nullable TrendQuestion trend, Forecast forecast, long madeNanos, long untilNanos) {

    CachedForecast {
        requireNonNull(forecast, "forecast");
    }
}
