package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long and how much is remembered.
 *
 * <p>Immutable.
 *
 * @param ttl how long a forecast is kept; zero remembers nothing and only joins equal questions in flight
 * @param maxBytes the memory that the forecasts of one model version may take, roughly
 */
public record CacheConfig(Duration ttl, long maxBytes) {

    public CacheConfig {
        requireNonNull(ttl, "ttl");
        if (ttl.isNegative() || ttl.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("ttl: 0 to 24 hours, not " + ttl);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes: 0 or more, not " + maxBytes);
        }
    }

    /** Five minutes and 64 MiB, enough for some 20,000 trends. */
    public static CacheConfig defaults() {
        return new CacheConfig(Duration.ofMinutes(5), 64L << 20);
    }
}
