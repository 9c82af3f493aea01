package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Question.TrendQuestion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the last read of the online store succeeded. Logs changes once, and counts errors in
 * {@code features_errors_total{kind}}.
 *
 * <p>Thread-safe: the flags are atomic, the counters are.
 */
final class StoreHealth {

    private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

    private final String where;
    private final AtomicBoolean down = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean unusableLogged = new AtomicBoolean();
    private final Counter failed;
    private final Counter late;
    private final Counter unusable;

    StoreHealth(String where, MeterRegistry meters) {
        this.where = requireNonNull(where, "where");
        this.failed = counter(meters, "failed");
        this.late = counter(meters, "timeout");
        this.unusable = counter(meters, "unusable");
    }

    private static Counter counter(MeterRegistry meters, String kind) {
        return Counter.builder("features.errors")
                .description("Reads of the online store that failed or timed out, and trends with invalid features")
                .tag("kind", kind)
                .register(meters);
    }

    boolean down() {
        return down.get();
    }

    void answered() {
        if (down.getAndSet(false)) {
            log.info("the feature store at {} answers", where);
        }
    }

    /** Notes a failed read; returns the failure for its callers. */
    ForecastException failed(Throwable failure) {
        (failure instanceof TimeoutException ? late : failed).increment();
        if (!down.getAndSet(true) && !closed.get()) {
            log.warn(
                    "the feature store at {} does not answer: {}; known features are served as stale",
                    where,
                    reason(failure));
        }
        return ForecastException.of(Failure.FEATURES_UNAVAILABLE, "the feature store cannot be asked");
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** Stops logging failures, which closing the client causes. */
    void close() {
        closed.set(true);
    }

    /** Counts a trend that is treated as unknown because its features are invalid; logs the first one as a warning. */
    void unusable(TrendQuestion trend, RuntimeException cause) {
        unusable.increment();
        if (unusableLogged.getAndSet(true)) {
            log.debug(
                    "trend \"{}\" in market \"{}\" cannot be used: {}",
                    trend.hashtag(),
                    trend.market(),
                    cause.getMessage());
        } else {
            log.warn(
                    "trend \"{}\" in market \"{}\" cannot be used: {}; further ones are only counted",
                    trend.hashtag(),
                    trend.market(),
                    cause.getMessage());
        }
    }
}
