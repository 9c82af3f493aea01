package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Failure;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.TrendQuestion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the online store answered when last asked. Says so once in the log when that changes, and counts what went
 * wrong: {@code features_errors_total{kind}}.
 *
 * <p>Thread-safe: the flags are atomic, the counters are.
 */
final class StoreHealth {

    private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

    private final String where;
    private final AtomicBoolean down = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean toldUnusable = new AtomicBoolean();
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
                .description("Reads of the online store that failed or came late, and trends with unusable features")
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

    /** Notes the failure of a read, and returns what to tell whoever waits for it. */
    ForecastException failed(Throwable failure) {
        (failure instanceof TimeoutException ? late : failed).increment();
        if (!down.getAndSet(true) && !closed.get()) {
            log.warn("the feature store at {} does not answer: {}; what is known is answered", where, reason(failure));
        }
        return ForecastException.of(Failure.FEATURES_UNAVAILABLE, "the feature store cannot be asked");
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** From now on a read may fail without a word, for the store is let go. */
    void close() {
        closed.set(true);
    }

    /** Notes a trend that counts as unknown because its features break the rules; only the first one is a warning. */
    void unusable(TrendQuestion trend, RuntimeException rule) {
        unusable.increment();
        if (toldUnusable.getAndSet(true)) {
            log.debug(
                    "trend \"{}\" in market \"{}\" cannot be used: {}",
                    trend.hashtag(),
                    trend.market(),
                    rule.getMessage());
        } else {
            log.warn(
                    "trend \"{}\" in market \"{}\" cannot be used: {}; further ones are only counted",
                    trend.hashtag(),
                    trend.market(),
                    rule.getMessage());
        }
    }
}
