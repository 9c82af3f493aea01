package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * The access log.
 *
 * <p>Immutable.
 *
 * @param to a file, {@code -} for the standard output, or empty for no access log
 * @param maxQueue the most lines queued for writing; further ones are dropped and counted
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

    /** Off; the default queue holds 100 ms of 100,000 requests per second. */
    public static AccessLogConfig defaults() {
        return new AccessLogConfig("", 10_000);
    }

    boolean on() {
        return !to.isBlank();
    }
}
