package io.hemline.serving.rollout;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.lifecycle.VersionHealth;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Compares a canary with the live version, by the answers that both computed.
 *
 * <p>Immutable.
 */
final class CanaryJudge {

    /** Below this latency, differences are noise and do not abort a canary. */
    private static final long UNNOTICED_MICROS = 20_000;

    private static final double P99 = 99;
    private static final double MICROS_A_MILLI = 1000;

    private final StoreConfig.Canary config;

    CanaryJudge(StoreConfig.Canary config) {
        this.config = requireNonNull(config, "config");
    }

    /** The reason to abort the canary; empty if it may continue, also while there are too few answers. */
    Optional<String> verdict(VersionHealth canary, VersionHealth live) {
        if (canary.computed() < config.minRequests()) {
            return Optional.empty();
        }
        double rate = canary.errorRate(config.minRequests());
        double liveRate = live.errorRate(config.minRequests());
        if (rate > liveRate + config.maxErrorRate()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.3g of its answers failed, %.3g of the live version's; store.canary.max-error-rate is %.3g",
                    rate,
                    liveRate,
                    config.maxErrorRate()));
        }
        Histogram canaryMicros = canary.lastMinute();
        Histogram liveMicros = live.lastMinute();
        if (Math.min(canaryMicros.getTotalCount(), liveMicros.getTotalCount()) < config.minRequests()) {
            return Optional.empty();
        }
        long canaryP99 = canaryMicros.getValueAtPercentile(P99);
        long liveP99 = liveMicros.getValueAtPercentile(P99);
        if (canaryP99 <= UNNOTICED_MICROS || canaryP99 <= config.maxLatencyRatio() * liveP99) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "its p99 was %.3g ms, the live version's %.3g ms; store.canary.max-latency-ratio is %.3g",
                canaryP99 / MICROS_A_MILLI,
                liveP99 / MICROS_A_MILLI,
                config.maxLatencyRatio()));
    }
}
