package io.hemline.serving.http.testing;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.ResponseLookup;
import io.hemline.serving.core.ResponseLookup.LiveVersion;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A live version that caches whole responses for ever, if they may be cached at all.
 *
 * <p>Thread-safe: maps and counters are.
 */
public final class FakeVersion implements LiveVersion, AnswerCache {

    public final Map<String, CachedResponse> kept = new ConcurrentHashMap<>();
    public final AtomicLong answered = new AtomicLong();
    public final AtomicLong generation = new AtomicLong();

    @Override
    public ModelIdentity identity() {
        return FakeForecaster.MODEL;
    }

    @Override
    public AnswerCache cache() {
        return this;
    }

    @Override
    public void answeredFromCache(long nanos) {
        answered.incrementAndGet();
    }

    @Override
    public @Nullable CachedResponse lookup(String key) {
        return kept.get(key);
    }

    /** The response under that key, as a {@link ResponseLookup} finds it. */
    public ResponseLookup.@Nullable Hit find(String key) {
        CachedResponse response = lookup(key);
        return response == null ? null : new ResponseLookup.Hit(this, response);
    }

    @Override
    public long generation() {
        return generation.get();
    }

    @Override
    public void put(String key, CachedResponse answer, long asOf) {
        if (answer.freshness().lasts() && asOf == generation.get()) {
            kept.put(key, answer);
        }
    }

    @Override
    public void evict(String market, Collection<String> hashtags) {
        throw new AssertionError("a listener evicts nothing");
    }

    @Override
    public Size size() {
        return new Size(0, 0, 0, kept.size(), 0);
    }

    @Override
    public void close() {
        kept.clear();
    }
}
