package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hemline.serving.forecast.Answer;
import io.hemline.serving.forecast.Forecast;
import io.hemline.serving.forecast.ForecastException;
import io.hemline.serving.forecast.Forecaster;
import io.hemline.serving.forecast.ModelIdentity;
import io.hemline.serving.forecast.Question;
import io.hemline.serving.forecast.Request;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers from memory what this model version has answered before, and asks for each unknown question once however many
 * wait for it.
 *
 * <p>Thread-safe: {@code remembered} and {@code inFlight} are concurrent maps; a flight is landed only by who put it there.
 */
public final class CachedForecaster implements Forecaster {

    /*
     * A request is split three ways: what is remembered (hit), what somebody else is already asking (joined), and the rest
     * (miss), which goes down as one smaller request, so that it is batched and admitted as one.
     *
     * A failure is never remembered. Who joined the flight of another must not suffer for the other's faults or hurry: if
     * that flight crashed because some question of the other request was wrong, or because the other's deadline passed,
     * the joiner asks again, for itself, all that it has no answer for. Any other failure (full, broken) would only
     * happen again and is passed on.
     */
    private final Forecaster next;
    private final ModelIdentity model;
    private final byte[] artifactDigest;
    private final Cache<CacheKey, Forecast> remembered;
    private final ConcurrentHashMap<CacheKey, Flight> inFlight = new ConcurrentHashMap<>();
    private final CacheCounts counts;
    private final CacheConfig config;

    public CachedForecaster(
            Forecaster next, CacheConfig config, ModelIdentity model, Ticker ticker, MeterRegistry meters) {
        this.next = requireNonNull(next, "next");
        this.model = requireNonNull(model, "model");
        this.config = config;
        this.artifactDigest = HexFormat.of().parseHex(model.digest());
        this.counts = new CacheCounts(meters);
        this.remembered = Caffeine.newBuilder()
                .expireAfterWrite(config.ttl())
                .maximumWeight(config.maxBytes())
                .weigher((CacheKey key, Forecast forecast) -> ForecastWeight.bytes(forecast))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Future<Answer> forecast(Request request) {
        Lookup lookup = new Lookup(request);
        if (lookup.hits == request.questions().size()) {
            counts.count(lookup.hits, 0, 0);
            return Future.succeededFuture(lookup.answer());
        }
        return lookup.ask();
    }

    private void remember(Misses misses, Answer answer) {
        List<CacheKey> keys = misses.keys();
        for (int i = 0; i < keys.size(); i++) {
            remembered.put(keys.get(i), answer.forecasts().get(i));
        }
    }

    @Override
    public String toString() {
        return "cached (" + config.ttl().toSeconds() + " s) ▶ " + next;
    }

    /** One request against the memory. Confined to the context of the request. */
    private final class Lookup {

        private final Request request;
        private final CacheKey[] keys;
        private final @Nullable Forecast[] forecasts;
        private final Misses misses;
        private final List<Future<?>> joined = new ArrayList<>();
        private int hits;

        Lookup(Request request) {
            this.request = request;
            this.keys = new CacheKey[request.questions().size()];
            this.forecasts = new Forecast[keys.length];
            this.misses = new Misses(request);
            for (int place = 0; place < keys.length; place++) {
                look(place, request.questions().get(place));
            }
        }

        private void look(int place, Question question) {
            CacheKey key = CacheKey.of(artifactDigest, question);
            keys[place] = key;
            forecasts[place] = remembered.getIfPresent(key);
            if (forecasts[place] != null) {
                hits++;
                return;
            }
            if (misses.has(key)) {
                misses.add(key, place);
                return;
            }
            Flight flight = inFlight.putIfAbsent(key, new Flight());
            if (flight == null) {
                misses.add(key, place);
                return;
            }
            joined.add(flight.joined().onSuccess(forecast -> forecasts[place] = forecast));
        }

        Future<Answer> ask() {
            counts.count(hits, joined.size(), keys.length - hits - joined.size());
            Future<?> led = misses.isEmpty() ? Future.succeededFuture() : lead();
            List<Future<?>> all = new ArrayList<>(joined);
            all.add(led);
            return Future.join(all).transform((unused, failure) -> {
                if (failure == null) {
                    return Future.succeededFuture(answer());
                }
                if (joined.stream().anyMatch(flight -> flight.failed() && othersFault(flight.cause()))) {
                    return askAlone();
                }
                return Future.failedFuture(led.failed() ? misses.told(led.cause()) : failure);
            });
        }

        /** Asks for what nobody else is asking, and tells whoever joins meanwhile. */
        private Future<?> lead() {
            return down(misses).onComplete((answer, failure) -> {
                if (failure == null) {
                    remember(misses, answer);
                    misses.fill(forecasts, answer);
                }
                List<CacheKey> led = misses.keys();
                for (int i = 0; i < led.size(); i++) {
                    Flight flight = requireNonNull(inFlight.remove(led.get(i)), "flight");
                    if (failure == null) {
                        flight.land(answer.forecasts().get(i));
                    } else {
                        flight.crash(failure);
                    }
                }
            });
        }

        private Future<Answer> askAlone() {
            Misses open = new Misses(request);
            for (int place = 0; place < keys.length; place++) {
                if (forecasts[place] == null) {
                    open.add(keys[place], place);
                }
            }
            return down(open).transform((answer, failure) -> {
                if (failure != null) {
                    return Future.failedFuture(open.told(failure));
                }
                remember(open, answer);
                open.fill(forecasts, answer);
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
            List<Forecast> all = Arrays.stream(forecasts)
                    .map(forecast -> requireNonNull(forecast, "forecast"))
                    .toList();
            return new Answer(all, model, hits);
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
