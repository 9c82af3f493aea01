package io.hemline.serving.lifecycle;

/**
 * How the version of the canary channel is tried on some of the questions.
 *
 * <p>Immutable.
 *
 * @param share of the questions that it answers, 0 for none
 * @param maxErrorRate the share of its computed answers that may fail, beyond what fails at the live version
 * @param maxLatencyRatio how many times the live version's p99 of computed answers its own may be
 * @param minRequests how many answers each must have computed before it is judged
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

    /** A tenth of the questions, judged after 100 answers. */
    public static CanaryConfig defaults() {
        return new CanaryConfig(0.1, 0.01, 2, 100);
    }
}
