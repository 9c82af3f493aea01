package io.hemline.serving.lifecycle;

/**
 * Which share of the questions a canary answers, and when it is aborted.
 *
 * <p>Immutable.
 *
 * @param share of the questions that the canary answers, 0 for no canary
 * @param maxErrorRate the share of its computed answers that may fail, above the live version's share
 * @param maxLatencyRatio the greatest ratio of its p99 latency of computed answers to the live version's
 * @param minRequests the answers that canary and live version must each have computed before the two are compared
 */
public record CanaryConfig(double share, double maxErrorRate, double maxLatencyRatio, int minRequests) {

    public CanaryConfig {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share: 0 to 1, not " + share);
        }
        if (!(maxErrorRate >= 0 && maxErrorRate <= 1)) {
            throw new IllegalArgumentException("maxErrorRate: 0 to 1, not " + maxErrorRate);
        }
        if (!(maxLatencyRatio >= 1)) {
            throw new IllegalArgumentException("maxLatencyRatio: from 1 on, not " + maxLatencyRatio);
        }
        if (minRequests < 1) {
            throw new IllegalArgumentException("minRequests: from 1 on, not " + minRequests);
        }
    }

    /** A tenth of the questions, compared from 100 answers on. */
    public static CanaryConfig defaults() {
        return new CanaryConfig(0.1, 0.01, 2, 100);
    }
}
