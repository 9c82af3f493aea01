package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The memories of all versions there are, so that changed features reach each of them: also one that is being filled
 * and not live yet.
 *
 * <p>Thread-safe: the set is synchronized. It holds its memories weakly: each belongs to its version.
 */
public final class VersionCaches {

    private final CacheConfig config;
    private final Ticker ticker;
    private final MeterRegistry meters;
    private final Set<AnswerCache> open = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    public VersionCaches(CacheConfig config, Ticker ticker, MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.ticker = requireNonNull(ticker, "ticker");
        this.meters = requireNonNull(meters, "meters");
    }

    /** An empty memory for one version, before the step that computes. */
    public VersionCache open(Forecaster next, ModelIdentity model) {
        VersionCache memory = new VersionCache(next, config, model, ticker, meters);
        open.add(memory);
        return memory;
    }

    /** Forgets, in every version, all that rests on the features of those trends of that market. */
    public void evict(String market, Collection<String> hashtags) {
        Set<String> trends = Set.copyOf(hashtags);
        List<AnswerCache> all;
        synchronized (open) {
            all = List.copyOf(open);
        }
        all.forEach(memory -> memory.evict(market, trends));
    }
}
