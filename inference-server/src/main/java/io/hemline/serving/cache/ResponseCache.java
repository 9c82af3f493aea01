package io.hemline.serving.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.TrendQuestion;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whole responses by the keys of the requests that they answer.
 *
 * <p>Thread-safe: {@code responses} is a concurrent map.
 */
final class ResponseCache {

    /*
     * One response may be cached under several keys: that of each spelling, and the canonical one. Each key is weighed
     * as if the response were its own, so the bound holds whatever is evicted first, and a client that sends the same
     * query in many spellings only evicts less requested responses.
     *
     * A response has its own expiry, checked at each hit. The cache's expiry only removes entries without requests: a
     * variable expiry would cost a move in a timer wheel at every hit.
     */
    static final int MAX_KEY = 4096;

    /** Estimated bytes of an entry's objects and headers, without key and response. */
    private static final int FRAME = 200;

    private final Ticker ticker;
    private final Cache<String, CachedResponse> responses;

    ResponseCache(long maxBytes, Duration ttl, Ticker ticker) {
        this.ticker = ticker;
        this.responses = Caffeine.newBuilder()
                .expireAfterWrite(ttl)
                .maximumWeight(maxBytes)
                .weigher((String key, CachedResponse response) -> bytes(key, response))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static int bytes(String key, CachedResponse response) {
        return FRAME + 2 * key.length() + response.bytes();
    }

    /** The response under that key, while it is fresh. */
    @Nullable CachedResponse lookup(String key) {
        CachedResponse response = responses.getIfPresent(key);
        if (response == null || isFresh(response)) {
            return response;
        }
        responses.asMap().remove(key, response);
        return null;
    }

    private boolean isFresh(CachedResponse response) {
        return response.freshness().untilNanos() - ticker.read() > 0;
    }

    void put(String key, CachedResponse response) {
        if (response.freshness().lasts() && isFresh(response) && key.length() <= MAX_KEY) {
            responses.put(key, response);
        }
    }

    void remove(String key) {
        responses.invalidate(key);
    }

    /** Removes every response to a question about one of those trends. */
    void evict(String market, Collection<String> hashtags) {
        responses.asMap().values().removeIf(response -> {
            for (Question question : response.questions()) {
                if (question instanceof TrendQuestion trend
                        && (trend.market() == null || trend.market().equals(market))
                        && hashtags.contains(trend.hashtag())) {
                    return true;
                }
            }
            return false;
        });
    }

    /** The most requested responses about known trends alone, in descending order. */
    Map<String, CachedResponse> hottest(int max) {
        Map<String, CachedResponse> hottest = new LinkedHashMap<>();
        responses
                .policy()
                .eviction()
                .map(eviction -> eviction.hottest(max))
                .orElse(Map.of())
                .forEach((key, response) -> {
                    if (response.questions().stream().allMatch(TrendQuestion.class::isInstance)) {
                        hottest.put(key, response);
                    }
                });
        return hottest;
    }

    void clear() {
        responses.invalidateAll();
    }

    long count() {
        responses.cleanUp();
        return responses.estimatedSize();
    }

    long bytes() {
        return responses
                .policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .orElseThrow()
                .orElse(0);
    }
}
