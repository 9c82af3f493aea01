package io.hemline.serving.core;

import io.hemline.serving.core.Answer.Freshness;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one model version: whole responses, and below them single forecasts. It is closed with its version.
 *
 * <p>Implementations are thread-safe.
 */
public interface AnswerCache extends AutoCloseable {

    /** The whole response under that key, while it is fresh. Finding one counts as a hit of each of its questions. */
    @Nullable CachedResponse lookup(String key);

    /** Increases whenever features change; to be read before forecasts are computed. */
    long generation();

    /** Caches a whole response under a key, unless features changed since that generation. */
    void put(String key, CachedResponse response, long generation);

    /** Removes every forecast and response computed from these trends of the market. */
    void evict(String market, Collection<String> hashtags);

    /** Its contents and use so far. */
    Size size();

    /** Removes everything. */
    @Override
    void close();

    /**
     * Contents and use of a cache.
     *
     * @param asked questions so far
     * @param hits how many of them were answered from the cache
     * @param forecasts single forecasts held
     * @param answers whole responses held, counted once for each key
     * @param bytes estimated size of all of it
     */
    record Size(long asked, long hits, long forecasts, long answers, long bytes) {}

    /** A whole response in its final form. */
    interface CachedResponse {

        /** The questions that it answers. */
        List<Question> questions();

        /** Its age and its expiry. */
        Freshness freshness();

        /** Estimated size on the heap. */
        int bytes();

        /** The response to the same questions with the forecasts of another version. */
        CachedResponse rewrite(Answer other);
    }
}
