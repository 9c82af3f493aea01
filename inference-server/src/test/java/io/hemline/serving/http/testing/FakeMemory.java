package io.hemline.serving.http.testing;

import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.CachedResponse;
import io.hemline.serving.core.LiveVersion;
import io.hemline.serving.core.ModelIdentity;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A live version that remembers whole answers for ever, if they last at all.
 *
 * <p>Thread-safe: maps and counters are.
 */
public final class FakeMemory implements LiveVersion, AnswerCache {

    public final Map<String, CachedResponse> kept = new ConcurrentHashMap<>();
    public final AtomicLong answered = new AtomicLong();
    public final AtomicLong generation = new AtomicLong();

    @Override
    public ModelIdentity identity() {
        return FakeForecaster.MODEL;
    }

    @Override
    public AnswerCache memory() {
        return this;
    }

    @Override
    public void answered(long nanos) {
        answered.incrementAndGet();
    }

    @Override
    public @Nullable CachedResponse ready(String question) {
        return kept.get(question);
    }

    @Override
    public long generation() {
        return generation.get();
    }

    @Override
    public void keep(String question, CachedResponse answer, long asOf) {
        if (answer.freshness().lasts() && asOf == generation.get()) {
            kept.put(question, answer);
        }
    }

    @Override
    public void evict(String market, Collection<String> hashtags) {
        throw new AssertionError("a door evicts nothing");
    }

    @Override
    public int prefill(AnswerCache before, long deadlineNanos) {
        throw new AssertionError("a door answers nothing in advance");
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
