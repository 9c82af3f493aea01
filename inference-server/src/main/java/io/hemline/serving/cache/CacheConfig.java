package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long and how much is cached.
 *
 * <p>Immutable.
 *
 * @param ttl how long a forecast is kept; zero keeps nothing and only joins equal questions in flight
 * @param maxBytes the estimated memory of one model version's cache; a quarter of it is for whole responses
 * @param prefill how many of the trends asked most a new version answers before it goes live; zero for none
 */
public record CacheConfig(Duration ttl, long maxBytes, int prefill) {

    public CacheConfig {
        requireNonNull(ttl, "ttl");
        if (ttl.isNegative() || ttl.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("ttl: 0 to 24 hours, not " + ttl);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes: 0 or more, not " + maxBytes);
        }
        if (prefill < 0 || prefill > 100_000) {
            throw new IllegalArgumentException("prefill: 0 to 100000, not " + prefill);
        }
    }

    /** Five minutes and 64 MiB, enough for some 15,000 trends and 30,000 responses; 256 trends in advance. */
    public static CacheConfig defaults() {
        return new CacheConfig(Duration.ofMinutes(5), 64L << 20, 256);
    }
}
