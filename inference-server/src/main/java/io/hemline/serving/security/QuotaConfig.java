package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much one client may ask.
 *
 * <p>Immutable.
 *
 * @param requests the most requests of one client at once, and in the long run within one window; 0 for no quota
 * @param window the time in which used requests come back, evenly
 * @param maxClients the most clients that are counted at a time
 */
public record QuotaConfig(int requests, Duration window, int maxClients) {

    private static final Duration LONGEST = Duration.ofHours(24);

    public QuotaConfig {
        requireNonNull(window, "window");
        if (requests < 0) {
            throw new IllegalArgumentException("requests: 0 (no quota) or more, not " + requests);
        }
        if (window.toSeconds() < 1 || window.toMillis() % 1000 != 0 || window.compareTo(LONGEST) > 0) {
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

    /** Whether there is one. */
    boolean on() {
        return requests > 0;
    }
}
