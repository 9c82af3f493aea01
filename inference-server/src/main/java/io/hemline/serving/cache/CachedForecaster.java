package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Freshness;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Stage;
import io.hemline.serving.core.TrendQuestion;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers from memory what this model version has answered before, and asks for each unknown question once however many
 * wait for it.
 *
 * <p>Thread-safe: {@code remembered} and {@code inFlight} are concurrent maps; a flight is landed only by who put it there.
 */
final class CachedForecaster implements Forecaster {

    /*
     * A request is split three ways: what is remembered (hit), what somebody else is already asking (joined), and the rest
     * (miss), which goes down as one smaller request, so that it is batched and admitted as one.
     *
     * A failure is never remembered. Who joined the flight of another must not suffer for the other's faults or hurry: if
     * that flight crashed because some question of the other request was wrong, or because the other's deadline passed,
     * the joiner asks again, for itself, all that it has no answer for. Any other failure (full, broken) would only
     * happen again and is passed on.
     *
     * Changed features count the generation up before anything is forgotten. What was asked for in an older generation
     * is answered and not remembered, and nobody joins a flight that took off before.
     */
    private static final Duration STALE_LIFE = Duration.ofSeconds(10);

    private final Forecaster next;
    private final ModelIdentity model;
    private final byte[] artifactDigest;
    private final Cache<CacheKey, CachedForecast> remembered;
    private final ConcurrentHashMap<CacheKey, InFlightCall> inFlight = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private final CacheMetrics counts;
    private final Duration ttl;
    private final Ticker ticker;

    CachedForecaster(
            Forecaster next, Duration ttl, long maxBytes, ModelIdentity model, Ticker ticker, CacheMetrics counts) {
        this.next = requireNonNull(next, "next");
        this.model = requireNonNull(model, "model");
        this.ttl = requireNonNull(ttl, "ttl");
        this.ticker = requireNonNull(ticker, "ticker");
        this.counts = requireNonNull(counts, "counts");
        this.artifactDigest = HexFormat.of().parseHex(model.digest());
        this.remembered = Caffeine.newBuilder()
                .expireAfter(Expiry.writing((CacheKey key, CachedForecast answer) -> life(answer)))
                .maximumWeight(maxBytes)
                .weigher((CacheKey key, CachedForecast answer) -> ForecastWeight.bytes(answer.forecast()))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static Duration life(CachedForecast answer) {
        return Duration.ofNanos(answer.untilNanos() - answer.madeNanos());
    }

    @Override
    public Future<Answer> forecast(Request request) {
        long start = System.nanoTime();
        Lookup lookup = new Lookup(request);
        request.stages().passed(Stage.CACHE, start, System.nanoTime());
        counts.count(lookup.hits, lookup.joined.size(), lookup.misses());
        return lookup.ask();
    }

    /** Answers as always, and counts nothing: nobody asked yet. */
    Future<Answer> inAdvance(Request request) {
        return new Lookup(request).ask();
    }

    /** Goes up when features change. */
    long generation() {
        return generation.get();
    }

    /** Forgets the trends, also as the answer to a question that left the market open. */
    void evict(String market, Collection<String> hashtags) {
        generation.incrementAndGet();
        for (String hashtag : hashtags) {
            forget(CacheKey.of(artifactDigest, new TrendQuestion(hashtag, market)));
            forget(CacheKey.of(artifactDigest, new TrendQuestion(hashtag, null)));
        }
    }

    private void forget(CacheKey key) {
        inFlight.remove(key);
        remembered.invalidate(key);
    }

    /** The known trends asked for most, hottest first. */
    List<TrendQuestion> hottest(int max) {
        Map<CacheKey, CachedForecast> hottest = remembered
                .policy()
                .eviction()
                .map(eviction -> eviction.hottest(max))
                .orElse(Map.of());
        return hottest.values().stream()
                .map(CachedForecast::trend)
                .filter(Objects::nonNull)
                .toList();
    }

    void clear() {
        remembered.invalidateAll();
    }

    long count() {
        remembered.cleanUp();
        return remembered.estimatedSize();
    }

    long bytes() {
        return remembered
                .policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .orElseThrow()
                .orElse(0);
    }

    private List<CachedForecast> remember(Misses misses, Answer answer, long asOf) {
        long made = ticker.read();
        List<CacheKey> keys = misses.keys();
        List<CachedForecast> all = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            Forecast forecast = answer.forecasts().get(i);
            Duration life = forecast.features().stale() && ttl.compareTo(STALE_LIFE) > 0 ? STALE_LIFE : ttl;
            TrendQuestion trend = misses.question(keys.get(i)) instanceof TrendQuestion known ? known : null;
            CachedForecast one = new CachedForecast(trend, forecast, made, made + life.toNanos());
            all.add(one);
            if (!life.isZero() && generation.get() == asOf) {
                remembered.put(keys.get(i), one);
            }
        }
        if (generation.get() != asOf) {
            keys.forEach(remembered::invalidate);
        }
        return all;
    }

    @Override
    public String toString() {
        return "cached (" + ttl.toSeconds() + " s) ▶ " + next;
    }

    /** One request against the memory. Confined to the context of the request. */
    private final class Lookup {

        private final Request request;
        private final long asOf = generation.get();
        private final CacheKey[] keys;
        private final @Nullable CachedForecast[] answers;
        private final Misses misses;
        private final Map<CacheKey, InFlightCall> led = new HashMap<>();
        private final List<Future<?>> joined = new ArrayList<>();
        private int hits;

        Lookup(Request request) {
            this.request = request;
            this.keys = new CacheKey[request.questions().size()];
            this.answers = new CachedForecast[keys.length];
            this.misses = new Misses(request);
            for (int place = 0; place < keys.length; place++) {
                look(place, request.questions().get(place));
            }
        }

        private void look(int place, Question question) {
            CacheKey key = CacheKey.of(artifactDigest, question);
            keys[place] = key;
            answers[place] = remembered.getIfPresent(key);
            if (answers[place] != null) {
                hits++;
                return;
            }
            if (misses.has(key)) {
                misses.add(key, place);
                return;
            }
            InFlightCall own = new InFlightCall();
            InFlightCall flight = inFlight.putIfAbsent(key, own);
            if (flight == null) {
                led.put(key, own);
                misses.add(key, place);
                return;
            }
            // Not a listener beside the others: whoever waits must find it done.
            joined.add(flight.joined().map(answer -> answers[place] = answer));
        }

        int misses() {
            return keys.length - hits - joined.size();
        }

        Future<Answer> ask() {
            if (hits == keys.length) {
                return Future.succeededFuture(answer());
            }
            Future<?> asked = misses.isEmpty() ? Future.succeededFuture() : lead();
            List<Future<?>> all = new ArrayList<>(joined);
            all.add(asked);
            return Future.join(all).transform((unused, failure) -> {
                if (failure == null) {
                    return Future.succeededFuture(answer());
                }
                if (joined.stream().anyMatch(flight -> flight.failed() && othersFault(flight.cause()))) {
                    return askAlone();
                }
                return Future.failedFuture(asked.failed() ? misses.told(asked.cause()) : failure);
            });
        }

        /** Asks for what nobody else is asking, and tells whoever joins meanwhile. */
        private Future<?> lead() {
            return down(misses).transform((answer, failure) -> {
                List<CachedForecast> made = failure == null ? remember(misses, answer, asOf) : List.of();
                misses.fill(answers, made);
                List<CacheKey> asked = misses.keys();
                for (int i = 0; i < asked.size(); i++) {
                    InFlightCall flight = requireNonNull(led.get(asked.get(i)), "flight");
                    inFlight.remove(asked.get(i), flight);
                    if (failure == null) {
                        flight.land(made.get(i));
                    } else {
                        flight.crash(failure);
                    }
                }
                return failure == null ? Future.succeededFuture(answer) : Future.failedFuture(failure);
            });
        }

        private Future<Answer> askAlone() {
            Misses open = new Misses(request);
            for (int place = 0; place < keys.length; place++) {
                if (answers[place] == null) {
                    open.add(keys[place], place);
                }
            }
            return down(open).transform((answer, failure) -> {
                if (failure != null) {
                    return Future.failedFuture(open.told(failure));
                }
                open.fill(answers, remember(open, answer, asOf));
                return Future.succeededFuture(answer());
            });
        }

        /** A step that throws instead of failing its future must not leave a flight in the air for ever. */
        private Future<Answer> down(Misses missing) {
            try {
                return next.forecast(missing.smaller());
            } catch (RuntimeException e) {
                return Future.failedFuture(ForecastException.internal("a step of the nest threw", e));
            }
        }

        Answer answer() {
            List<Forecast> forecasts = new ArrayList<>(answers.length);
            CachedForecast first = requireNonNull(answers[0], "answer");
            long made = first.madeNanos();
            long until = first.untilNanos();
            for (CachedForecast answer : answers) {
                CachedForecast one = requireNonNull(answer, "answer");
                forecasts.add(one.forecast());
                made = one.madeNanos() - made < 0 ? one.madeNanos() : made;
                until = one.untilNanos() - until < 0 ? one.untilNanos() : until;
            }
            return new Answer(forecasts, model, new Freshness(hits, joined.size(), made, until));
        }
    }

    private static boolean othersFault(Throwable cause) {
        if (!(cause instanceof ForecastException exception)) {
            return false;
        }
        return switch (exception.failure()) {
            case INVALID, UNKNOWN_TREND, DEADLINE_EXCEEDED -> true;
            case OVERLOADED, NO_MODEL, FEATURES_UNAVAILABLE, INTERNAL -> false;
        };
    }
}
