package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The request quota of each client.
 *
 * <p>Immutable.
 *
 * @param requests the greatest burst, and the sustained number of requests per window; 0 for no quota
 * @param window the time in which an empty bucket refills, evenly
 * @param maxClients the most clients counted at a time
 */
public record QuotaConfig(int requests, Duration window, int maxClients) {

    private static final Duration MAX_WINDOW = Duration.ofHours(24);

    public QuotaConfig {
        requireNonNull(window, "window");
        if (requests < 0) {
            throw new IllegalArgumentException("requests: 0 (no quota) or more, not " + requests);
        }
        if (window.toSeconds() < 1 || window.toMillis() % 1000 != 0 || window.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("window: whole seconds, 1 s to 24 h, not " + window);
        }
        if (maxClients < 1 || maxClients > 10_000_000) {
            throw new IllegalArgumentException("maxClients: 1 to 10000000, not " + maxClients);
        }
    }

    /** No quota. */
    public static QuotaConfig defaults() {
        return new QuotaConfig(0, Duration.ofMinutes(1), 100_000);
    }

    boolean on() {
        return requests > 0;
    }
}
