package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.Memory;
import io.hemline.serving.forecast.ModelIdentity;
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
public final class Memories {

    private final CacheConfig config;
    private final Ticker ticker;
    private final MeterRegistry meters;
    private final Set<Memory> open = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    public Memories(CacheConfig config, Ticker ticker, MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.ticker = requireNonNull(ticker, "ticker");
        this.meters = requireNonNull(meters, "meters");
    }

    /** An empty memory for one version, before the step that computes. */
    public VersionMemory open(Forecaster next, ModelIdentity model) {
        VersionMemory memory = new VersionMemory(next, config, model, ticker, meters);
        open.add(memory);
        return memory;
    }

    /** Forgets, in every version, all that rests on the features of those trends of that market. */
    public void evict(String market, Collection<String> hashtags) {
        Set<String> trends = Set.copyOf(hashtags);
        List<Memory> all;
        synchronized (open) {
            all = List.copyOf(open);
        }
        all.forEach(memory -> memory.evict(market, trends));
    }
}
