package io.hemline.serving.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how questions were answered: {@code forecast_cache_requests_total{result}} over all versions, and for one of
 * them alone.
 *
 * <p>Thread-safe: the counters are.
 */
final class CacheMetrics {

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

    /** Questions that this version was asked. */
    long asked() {
        return ownHits.sum() + ownOthers.sum();
    }

    /** Questions that it answered from the cache. */
    long hits() {
        return ownHits.sum();
    }
}
