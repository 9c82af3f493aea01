package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.CachedResponse;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * All that one model version remembers: single forecasts, and whole answers in front of them.
 *
 * <p>Thread-safe: its parts are.
 */
public final class VersionCache implements AnswerCache {

    /** One part in four of the memory is for whole answers, so that they cannot push out a single forecast. */
    private static final int ANSWERS_SHARE = 4;

    private final CachedForecaster forecasts;
    private final ResponseCache answers;
    private final CacheMetrics counts;
    private final Counter prefilled;
    private final int prefill;

    VersionCache(Forecaster next, CacheConfig config, ModelIdentity model, Ticker ticker, MeterRegistry meters) {
        long answersBytes = config.maxBytes() / ANSWERS_SHARE;
        this.counts = new CacheMetrics(meters);
        this.forecasts =
                new CachedForecaster(next, config.ttl(), config.maxBytes() - answersBytes, model, ticker, counts);
        this.answers = new ResponseCache(answersBytes, config.ttl(), ticker);
        this.prefill = config.prefill();
        this.prefilled = Counter.builder("forecast.cache.prefilled")
                .description("Trends that a new version answered before it went live")
                .register(meters);
    }

    /** The step of the request path that remembers. */
    public Forecaster forecaster() {
        return forecasts;
    }

    @Override
    public @Nullable CachedResponse ready(String question) {
        CachedResponse answer = answers.get(question);
        if (answer != null) {
            counts.countHits(answer.questions().size());
        }
        return answer;
    }

    @Override
    public long generation() {
        return forecasts.generation();
    }

    @Override
    public void keep(String question, CachedResponse answer, long generation) {
        answers.put(question, answer);
        if (generation() != generation) {
            answers.forget(question);
        }
    }

    @Override
    public void evict(String market, Collection<String> hashtags) {
        forecasts.evict(market, hashtags);
        answers.evict(market, hashtags);
    }

    @Override
    public int prefill(AnswerCache before, long deadlineNanos) {
        requireNonNull(before, "before");
        if (prefill == 0 || !(before instanceof VersionCache old)) {
            return 0;
        }
        int answered = new Prefill(forecasts, this, prefill).from(old.forecasts, old.answers, deadlineNanos);
        prefilled.increment(answered);
        return answered;
    }

    @Override
    public Size size() {
        return new Size(
                counts.asked(), counts.hits(), forecasts.count(), answers.count(), forecasts.bytes() + answers.bytes());
    }

    @Override
    public void close() {
        forecasts.clear();
        answers.clear();
    }
}
