package io.hemline.serving.features;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hemline.serving.core.Question.TrendQuestion;
import org.jspecify.annotations.Nullable;

/**
 * Cache of features by the question that they answer, bounded in bytes.
 *
 * <p>Thread-safe: the cache is.
 */
final class TrendCache {

    private final Cache<TrendQuestion, Entry> entries;

    TrendCache(long maxBytes) {
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((TrendQuestion question, Entry entry) -> entry.trend().bytes())
                .executor(Runnable::run)
                .build();
    }

    @Nullable Entry get(TrendQuestion question) {
        return entries.getIfPresent(question);
    }

    void put(TrendQuestion question, KnownTrend trend, long readNanos) {
        entries.put(question, new Entry(trend, readNanos));
    }

    /** Sets the read time of an entry; returns whether there is one. */
    boolean setReadTime(TrendQuestion question, long readNanos) {
        return entries.asMap().computeIfPresent(question, (same, entry) -> new Entry(entry.trend(), readNanos)) != null;
    }

    void remove(TrendQuestion question) {
        entries.invalidate(question);
    }

    /**
     * A cached trend.
     *
     * @param trend the features
     * @param readNanos time of the read, of the source's clock
     */
    record Entry(KnownTrend trend, long readNanos) {}
}
