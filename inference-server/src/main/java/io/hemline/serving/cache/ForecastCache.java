package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.CallerContext;
import io.hemline.serving.core.Features;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.Series;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The forecasts of one model version, and the calls in flight that will add to them.
 *
 * <p>Thread-safe: {@code forecasts} and {@code inFlight} are concurrent maps, {@code generation} is atomic.
 */
final class ForecastCache {

    /*
     * An eviction increments the generation before it removes entries. A forecast requested in an older generation is
     * returned but not cached, and no request joins a call that began before.
     */
    private static final Duration STALE_LIFE = Duration.ofSeconds(10);

    /** Estimated bytes of an entry's objects, headers, key and short texts. */
    private static final int FRAME = 1300;

    private final byte[] artifactDigest;
    private final Cache<CacheKey, Entry> forecasts;
    private final ConcurrentHashMap<CacheKey, InFlightCall> inFlight = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private final Duration ttl;
    private final Ticker ticker;

    ForecastCache(ModelIdentity model, Duration ttl, long maxBytes, Ticker ticker) {
        this.ttl = requireNonNull(ttl, "ttl");
        this.ticker = requireNonNull(ticker, "ticker");
        this.artifactDigest = HexFormat.of().parseHex(model.digest());
        this.forecasts = Caffeine.newBuilder()
                .expireAfter(Expiry.writing((CacheKey key, Entry entry) -> entry.life()))
                .maximumWeight(maxBytes)
                .weigher((CacheKey key, Entry entry) -> bytes(entry.forecast()))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    CacheKey key(Question question) {
        return CacheKey.of(artifactDigest, question);
    }

    @Nullable Entry get(CacheKey key) {
        return forecasts.getIfPresent(key);
    }

    /** The call in flight for that key, or {@code null} after {@code own} became that call. */
    @Nullable InFlightCall join(CacheKey key, InFlightCall own) {
        return inFlight.putIfAbsent(key, own);
    }

    /** Ends a call in flight. */
    void end(CacheKey key, InFlightCall own) {
        inFlight.remove(key, own);
    }

    long generation() {
        return generation.get();
    }

    /** A new entry, which is cached unless features changed since that generation. */
    Entry put(CacheKey key, Question question, Forecast forecast, long asOf) {
        long made = ticker.read();
        Duration life = forecast.features().stale() && ttl.compareTo(STALE_LIFE) > 0 ? STALE_LIFE : ttl;
        TrendQuestion trend = question instanceof TrendQuestion known ? known : null;
        Entry entry = new Entry(trend, forecast, made, made + life.toNanos());
        if (!life.isZero() && generation.get() == asOf) {
            forecasts.put(key, entry);
            if (generation.get() != asOf) {
                forecasts.invalidate(key);
            }
        }
        return entry;
    }

    /** Removes the trends, also as the answer to a question that left the market open. */
    void evict(String market, Collection<String> hashtags) {
        generation.incrementAndGet();
        for (String hashtag : hashtags) {
            evict(key(new TrendQuestion(hashtag, market)));
            evict(key(new TrendQuestion(hashtag, null)));
        }
    }

    private void evict(CacheKey key) {
        inFlight.remove(key);
        forecasts.invalidate(key);
    }

    /** The most requested known trends, in descending order. */
    List<TrendQuestion> hottest(int max) {
        Map<CacheKey, Entry> hottest = forecasts
                .policy()
                .eviction()
                .map(eviction -> eviction.hottest(max))
                .orElse(Map.of());
        return hottest.values().stream()
                .map(Entry::trend)
                .filter(Objects::nonNull)
                .toList();
    }

    void clear() {
        forecasts.invalidateAll();
    }

    long count() {
        forecasts.cleanUp();
        return forecasts.estimatedSize();
    }

    long bytes() {
        return forecasts
                .policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .orElseThrow()
                .orElse(0);
    }

    @Override
    public String toString() {
        return "forecast cache (" + ttl.toSeconds() + " s)";
    }

    /** Estimated size of a forecast on the heap, to within some tens of percent. */
    static int bytes(Forecast forecast) {
        Features features = forecast.features();
        Series series = features.series();
        int doubles = length(series.volume())
                + length(series.influencerShare())
                + length(series.sentiment())
                + length(series.engagement());
        float @Nullable [] embedding = features.embedding();
        int floats = (embedding == null ? 0 : embedding.length)
                + forecast.drivers().variableWeights().length
                + forecast.drivers().weekWeights().length
                + Forecast.HORIZON * Forecast.LEVELS.size();
        int text = features.warnings().stream().mapToInt(String::length).sum();
        return FRAME + Double.BYTES * doubles + Float.BYTES * floats + text;
    }

    private static int length(double @Nullable [] values) {
        return values == null ? 0 : values.length;
    }

    /**
     * A cached forecast and its expiry.
     *
     * <p>Immutable.
     *
     * @param trend the question, absent for a series of the client's own
     * @param forecast the answer
     * @param madeNanos when it was computed
     * @param untilNanos when it expires
     */
    record Entry(@Nullable TrendQuestion trend, Forecast forecast, long madeNanos, long untilNanos) {

        Entry {
            requireNonNull(forecast, "forecast");
        }

        Duration life() {
            return Duration.ofNanos(untilNanos - madeNanos);
        }
    }

    /**
     * A question that is being computed, for the request that began the call and those that joined it.
     *
     * <p>Thread-safe: all state is in the promise.
     */
    static final class InFlightCall {

        private final Promise<ForecastCache.Entry> promise = Promise.promise();

        /** The entry, on the context of the request that joined and not of the one that began the call. */
        Future<ForecastCache.Entry> joined() {
            return CallerContext.completed(promise.future());
        }

        void complete(ForecastCache.Entry answer) {
            promise.complete(answer);
        }

        void fail(Throwable cause) {
            promise.fail(cause);
        }
    }
}
