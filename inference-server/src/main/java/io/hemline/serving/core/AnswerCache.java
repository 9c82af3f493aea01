package io.hemline.serving.core;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What one model version remembers of what it answered: whole answers ready to go out, and below them single forecasts.
 * It ends with its version.
 *
 * <p>Thread-safe, as those who make it say.
 */
public interface AnswerCache extends AutoCloseable {

    /** The whole answer to a question of that name, while it may be given. Finding one counts as a hit. */
    @Nullable CachedResponse ready(String question);

    /** Goes up whenever features change; to be read before a question is asked. */
    long generation();

    /** Remembers a whole answer under a name, unless features changed since that generation. */
    void keep(String question, CachedResponse answer, long generation);

    /** Forgets all that rests on those trends of that market. */
    void evict(String market, Collection<String> hashtags);

    /**
     * Answers in advance what was asked most of the version before, until a {@link System#nanoTime}.
     *
     * @return how many trends were answered
     */
    int prefill(AnswerCache before, long deadlineNanos);

    /** What there is of it now. */
    Size size();

    /** Forgets everything. */
    @Override
    void close();

    /**
     * What a memory holds and how it was used.
     *
     * @param asked questions so far
     * @param hits how many of them were remembered
     * @param forecasts single forecasts held
     * @param answers whole answers held, by every name
     * @param bytes what all of it takes, roughly
     */
    record Size(long asked, long hits, long forecasts, long answers, long bytes) {}
}
