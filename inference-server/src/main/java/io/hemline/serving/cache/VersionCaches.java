package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.ModelIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The caches of all versions, so that changed features reach each of them, also one that is being filled and not live yet.
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

    /** Removes, in every version, all that rests on the features of those trends of that market. */
    public void evict(String market, Collection<String> hashtags) {
        Set<String> trends = Set.copyOf(hashtags);
        List<VersionCache> all;
        synchronized (open) {
            all = List.copyOf(open);
        }
        all.forEach(cache -> cache.evict(market, trends));
    }
}
