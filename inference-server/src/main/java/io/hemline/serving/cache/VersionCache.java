package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.cache.VersionCaches.CacheConfig;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.ModelIdentity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one model version: single forecasts, and whole responses in front of them.
 *
 * <p>Thread-safe: its parts are.
 */
public final class VersionCache implements AnswerCache {

    /** A quarter of the memory is for whole responses, so that they never evict single forecasts. */
    private static final int RESPONSES_SHARE = 4;

    private final ModelIdentity model;
    private final ForecastCache forecasts;
    private final ResponseCache responses;
    private final CacheMetrics counts;

    VersionCache(CacheConfig config, ModelIdentity model, Ticker ticker, MeterRegistry meters) {
        long responseBytes = config.maxBytes() / RESPONSES_SHARE;
        this.model = requireNonNull(model, "model");
        this.counts = new CacheMetrics(meters);
        this.forecasts = new ForecastCache(model, config.ttl(), config.maxBytes() - responseBytes, ticker);
        this.responses = new ResponseCache(responseBytes, config.ttl(), ticker);
    }

    ModelIdentity model() {
        return model;
    }

    ForecastCache forecasts() {
        return forecasts;
    }

    ResponseCache responses() {
        return responses;
    }

    CacheMetrics counts() {
        return counts;
    }

    @Override
    public @Nullable CachedResponse lookup(String key) {
        CachedResponse response = responses.lookup(key);
        if (response != null) {
            counts.countHits(response.questions().size());
        }
        return response;
    }

    @Override
    public long generation() {
        return forecasts.generation();
    }

    @Override
    public void put(String key, CachedResponse response, long generation) {
        responses.put(key, response);
        if (generation() != generation) {
            responses.remove(key);
        }
    }

    @Override
    public void evict(String market, Collection<String> hashtags) {
        forecasts.evict(market, hashtags);
        responses.evict(market, hashtags);
    }

    @Override
    public Size size() {
        return new Size(
                counts.asked(),
                counts.hits(),
                forecasts.count(),
                responses.count(),
                forecasts.bytes() + responses.bytes());
    }

    @Override
    public void close() {
        forecasts.clear();
        responses.clear();
    }

    /**
     * Counts how questions were answered: {@code forecast_cache_requests_total{result}} over all versions, and for one
     * of them alone.
     *
     * <p>Thread-safe: the counters are.
     */
    static final class CacheMetrics {

        private final Counter hits;
        private final Counter joined;
        private final Counter misses;
        private final LongAdder ownHits = new LongAdder();
        private final LongAdder ownOthers = new LongAdder();

        CacheMetrics(MeterRegistry meters) {
            this.hits = counter(meters, "hit");
            this.joined = counter(meters, "joined");
            this.misses = counter(meters, "miss");
        }

        private static Counter counter(MeterRegistry meters, String result) {
            return Counter.builder("forecast.cache.requests")
                    .description("Questions by how the cache answered them")
                    .tag("result", result)
                    .register(meters);
        }

        void countHits(int hit) {
            hits.increment(hit);
            ownHits.add(hit);
        }

        void count(int hit, int join, int miss) {
            countHits(hit);
            joined.increment(join);
            misses.increment(miss);
            ownOthers.add(join + miss);
        }

        /** Questions that this version has received. */
        long asked() {
            return ownHits.sum() + ownOthers.sum();
        }

        /** Questions answered from the cache. */
        long hits() {
            return ownHits.sum();
        }
    }
}
