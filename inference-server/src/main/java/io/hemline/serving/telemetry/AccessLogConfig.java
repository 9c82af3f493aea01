package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * Where each request is written down.
 *
 * @param to a file, {@code -} for the standard output, or empty for nowhere
 * @param maxQueue the most lines that wait to be written; more are dropped and counted
 */
public record AccessLogConfig(String to, int maxQueue) {

    /** The standard output. */
    static final String STDOUT = "-";

    public AccessLogConfig {
        requireNonNull(to, "to");
        if (maxQueue < 1 || maxQueue > 1_000_000) {
            throw new IllegalArgumentException("maxQueue: 1 to 1000000 lines, not " + maxQueue);
        }
    }

    /** Nowhere; and if somewhere, a tenth of a second of 100,000 requests a second may wait. */
    public static AccessLogConfig defaults() {
        return new AccessLogConfig("", 10_000);
    }

    /** Whether requests are written down at all. */
    boolean on() {
        return !to.isBlank();
    }
}
