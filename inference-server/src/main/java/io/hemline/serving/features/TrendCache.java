package io.hemline.serving.features;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hemline.serving.core.TrendQuestion;
import org.jspecify.annotations.Nullable;

/**
 * The features read before, by the question that they answer, within a bound of bytes.
 *
 * <p>Thread-safe: the cache is.
 */
final class TrendCache {

    private final Cache<TrendQuestion, Kept> kept;

    TrendCache(long maxBytes) {
        this.kept = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((TrendQuestion question, Kept one) -> one.trend().bytes())
                .executor(Runnable::run)
                .build();
    }

    @Nullable Kept get(TrendQuestion question) {
        return kept.getIfPresent(question);
    }

    void put(TrendQuestion question, KnownTrend trend, long readNanos) {
        kept.put(question, new Kept(trend, readNanos));
    }

    /** Calls what is kept as old as if it had been read then; whether anything is. */
    boolean age(TrendQuestion question, long readNanos) {
        return kept.asMap().computeIfPresent(question, (same, one) -> new Kept(one.trend(), readNanos)) != null;
    }

    void forget(TrendQuestion question) {
        kept.invalidate(question);
    }

    /**
     * One trend as it was read.
     *
     * @param trend what was known
     * @param readNanos when it was read
     */
    record Kept(KnownTrend trend, long readNanos) {}
}
