package io.hemline.serving.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.CachedResponse;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.TrendQuestion;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whole answers by the names under which they were asked for.
 *
 * <p>Thread-safe: {@code answers} is a concurrent map.
 */
final class ResponseCache {

    /*
     * One answer may stand here under several names: as the question was spelt, and as it is canonically. Each name is
     * weighed as if the answer were its own, so the bound holds whatever is evicted first, and whoever asks the same in
     * endless spellings only pushes out whole answers that are asked less.
     *
     * An answer says itself until when it may be given, and is asked so at each hit. The cache only clears away what
     * nobody asks for any more: a life of its own for each entry would cost a move in a timer wheel at every hit.
     */
    static final int MAX_NAME = 4096;

    /** Objects and headers of an entry, beside name and answer. */
    private static final int FRAME = 200;

    private final Ticker ticker;
    private final Cache<String, CachedResponse> answers;

    ResponseCache(long maxBytes, Duration ttl, Ticker ticker) {
        this.ticker = ticker;
        this.answers = Caffeine.newBuilder()
                .expireAfterWrite(ttl)
                .maximumWeight(maxBytes)
                .weigher((String name, CachedResponse answer) -> bytes(name, answer))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static int bytes(String name, CachedResponse answer) {
        return FRAME + 2 * name.length() + answer.bytes();
    }

    @Nullable CachedResponse get(String name) {
        CachedResponse answer = answers.getIfPresent(name);
        if (answer == null || lives(answer)) {
            return answer;
        }
        answers.asMap().remove(name, answer);
        return null;
    }

    private boolean lives(CachedResponse answer) {
        return answer.freshness().untilNanos() - ticker.read() > 0;
    }

    void put(String name, CachedResponse answer) {
        if (answer.freshness().lasts() && lives(answer) && name.length() <= MAX_NAME) {
            answers.put(name, answer);
        }
    }

    void forget(String name) {
        answers.invalidate(name);
    }

    /** Forgets every answer to a question about one of those trends. */
    void evict(String market, Collection<String> hashtags) {
        answers.asMap().values().removeIf(answer -> {
            for (Question question : answer.questions()) {
                if (question instanceof TrendQuestion trend
                        && (trend.market() == null || trend.market().equals(market))
                        && hashtags.contains(trend.hashtag())) {
                    return true;
                }
            }
            return false;
        });
    }

    /** The answers asked for most that are about known trends alone, hottest first. */
    Map<String, CachedResponse> hottest(int max) {
        Map<String, CachedResponse> hottest = new LinkedHashMap<>();
        answers.policy()
                .eviction()
                .map(eviction -> eviction.hottest(max))
                .orElse(Map.of())
                .forEach((name, answer) -> {
                    if (answer.questions().stream().allMatch(TrendQuestion.class::isInstance)) {
                        hottest.put(name, answer);
                    }
                });
        return hottest;
    }

    void clear() {
        answers.invalidateAll();
    }

    long count() {
        answers.cleanUp();
        return answers.estimatedSize();
    }

    long bytes() {
        return answers.policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .orElseThrow()
                .orElse(0);
    }
}
