package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.ModelIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The caches of all versions, so that changed features reach each of them, also one that is being filled and not live
 * yet.
 *
 * <p>Thread-safe: the set is synchronized. It holds the caches weakly: each belongs to its version.
 */
public final class VersionCaches {

    private final CacheConfig config;
    private final Ticker ticker;
    private final MeterRegistry meters;
    private final Set<VersionCache> open = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    public VersionCaches(CacheConfig config, Ticker ticker, MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.ticker = requireNonNull(ticker, "ticker");
        this.meters = requireNonNull(meters, "meters");
    }

    /** An empty cache for one version. */
    public VersionCache open(ModelIdentity model) {
        VersionCache cache = new VersionCache(config, model, ticker, meters);
        open.add(cache);
        return cache;
    }

    /** Fills the cache of a version by the step that computes for it. */
    public Prefill prefill(CachedForecaster forecasts, VersionCache cache) {
        return new Prefill(forecasts, cache, config.prefill(), meters);
    }

    /** Removes, in every version, all entries computed from the features of these trends of the market. */
    public void evict(String market, Collection<String> hashtags) {
        Set<String> trends = Set.copyOf(hashtags);
        List<VersionCache> all;
        synchronized (open) {
            all = List.copyOf(open);
        }
        all.forEach(cache -> cache.evict(market, trends));
    }

    /**
     * How long and how much is cached.
     *
     * <p>Immutable.
     *
     * @param ttl how long a forecast is kept; zero caches nothing and only joins equal in-flight questions
     * @param maxBytes the estimated memory of one model version's cache; a quarter of it is for whole responses
     * @param prefill how many of the most requested trends a new version computes before it goes live; zero for none
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
}
