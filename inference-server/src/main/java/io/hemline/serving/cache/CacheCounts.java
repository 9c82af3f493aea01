package io.hemline.serving.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts how questions were answered: {@code forecast_cache_requests_total{result}}.
 *
 * <p>Thread-safe: the counters are.
 */
final class CacheCounts {

    private final Counter hits;
    private final Counter joined;
    private final Counter misses;

    CacheCounts(MeterRegistry meters) {
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

    void count(int hit, int join, int miss) {
        hits.increment(hit);
        joined.increment(join);
        misses.increment(miss);
    }
}
