package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.cache.ForecastCache.Entry;
import io.hemline.serving.cache.ForecastCache.InFlightCall;
import io.hemline.serving.cache.VersionCache.CacheMetrics;
import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Answer.Freshness;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.ModelIdentity;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Request;
import io.hemline.serving.core.Stages.Stage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forecast cache as a step: answers from the cache of this model version, and has each missing
 * question computed once, however many concurrent requests contain it.
 *
 * <p>Thread-safe: the cache is; a call in flight is completed only by the request that began it.
 */
public final class CachedForecaster implements Forecaster {

    /*
     * A request is split into three parts: cached questions (hits), those that another request is already having
     * computed (joined), and the rest (misses), which goes down as one smaller request, so that it is batched and
     * admitted as one.
     *
     * Failures are not cached. A request that joined is independent of the faults and the deadline of the one that
     * began the call: if that call failed because some question of the other request was wrong, or because the other's
     * deadline passed, the joined request computes all its unanswered questions itself. Any other failure (full,
     * broken) would only happen again and is passed on.
     */
    private final ForecastCache cache;
    private final CacheMetrics counts;
    private final ModelIdentity model;
    private final Forecaster next;

    public CachedForecaster(VersionCache cache, Forecaster next) {
        this(cache.forecasts(), cache.counts(), cache.model(), next);
    }

    CachedForecaster(ForecastCache cache, CacheMetrics counts, ModelIdentity model, Forecaster next) {
        this.cache = requireNonNull(cache, "cache");
        this.counts = requireNonNull(counts, "counts");
        this.model = requireNonNull(model, "model");
        this.next = requireNonNull(next, "next");
    }

    @Override
    public Future<Answer> forecast(Request request) {
        long start = System.nanoTime();
        Lookup lookup = new Lookup(request);
        request.stages().passed(Stage.CACHE, start, System.nanoTime());
        counts.count(lookup.hits, lookup.joined.size(), lookup.misses());
        return lookup.ask();
    }

    /** Answers without counting hits and misses, since no client sent the request. */
    Future<Answer> forecastUncounted(Request request) {
        return new Lookup(request).ask();
    }

    @Override
    public String toString() {
        return cache + " ▶ " + next;
    }

    /** The lookup of one request. Confined to the context of the request. */
    private final class Lookup {

        private final Request request;
        private final long asOf = cache.generation();
        private final CacheKey[] keys;
        private final @Nullable Entry[] entries;
        private final Misses misses;
        private final Map<CacheKey, InFlightCall> begun = new HashMap<>();
        private final List<Future<?>> joined = new ArrayList<>();
        private int hits;

        Lookup(Request request) {
            this.request = request;
            this.keys = new CacheKey[request.questions().size()];
            this.entries = new Entry[keys.length];
            this.misses = new Misses(request);
            for (int place = 0; place < keys.length; place++) {
                look(place, request.questions().get(place));
            }
        }

        private void look(int place, Question question) {
            CacheKey key = cache.key(question);
            keys[place] = key;
            entries[place] = cache.get(key);
            if (entries[place] != null) {
                hits++;
                return;
            }
            if (misses.has(key)) {
                misses.add(key, place);
                return;
            }
            InFlightCall own = new InFlightCall();
            InFlightCall other = cache.join(key, own);
            if (other == null) {
                begun.put(key, own);
                misses.add(key, place);
                return;
            }
            // Mapped, not listened to: the entry must be in its place before the request goes on.
            joined.add(other.joined().map(entry -> entries[place] = entry));
        }

        int misses() {
            return keys.length - hits - joined.size();
        }

        Future<Answer> ask() {
            if (hits == keys.length) {
                return Future.succeededFuture(answer());
            }
            Future<?> computed = misses.isEmpty() ? Future.succeededFuture() : compute();
            List<Future<?>> all = new ArrayList<>(joined);
            all.add(computed);
            return Future.join(all).transform((unused, failure) -> {
                if (failure == null) {
                    return Future.succeededFuture(answer());
                }
                if (joined.stream().anyMatch(call -> call.failed() && concernsOtherRequest(call.cause()))) {
                    return computeAlone();
                }
                return Future.failedFuture(computed.failed() ? misses.restored(computed.cause()) : failure);
            });
        }

        /** Computes the misses, and completes the in-flight calls that other requests may have joined. */
        private Future<?> compute() {
            return ask(misses).transform((answer, failure) -> {
                List<Entry> made = failure == null ? put(misses, answer) : List.of();
                misses.fill(entries, made);
                List<CacheKey> asked = misses.keys();
                for (int i = 0; i < asked.size(); i++) {
                    InFlightCall call = requireNonNull(begun.get(asked.get(i)), "call");
                    cache.end(asked.get(i), call);
                    if (failure == null) {
                        call.complete(made.get(i));
                    } else {
                        call.fail(failure);
                    }
                }
                return failure == null ? Future.succeededFuture(answer) : Future.failedFuture(failure);
            });
        }

        private Future<Answer> computeAlone() {
            Misses open = new Misses(request);
            for (int place = 0; place < keys.length; place++) {
                if (entries[place] == null) {
                    open.add(keys[place], place);
                }
            }
            return ask(open).transform((answer, failure) -> {
                if (failure != null) {
                    return Future.failedFuture(open.restored(failure));
                }
                open.fill(entries, put(open, answer));
                return Future.succeededFuture(answer());
            });
        }

        /** A step that throws instead of failing its future must not leave a call in flight for ever. */
        private Future<Answer> ask(Misses missing) {
            try {
                return next.forecast(missing.smaller());
            } catch (RuntimeException e) {
                return Future.failedFuture(ForecastException.internal("a step of the path threw", e));
            }
        }

        private List<Entry> put(Misses missing, Answer answer) {
            List<CacheKey> asked = missing.keys();
            List<Entry> made = new ArrayList<>(asked.size());
            for (int i = 0; i < asked.size(); i++) {
                CacheKey key = asked.get(i);
                made.add(
                        cache.put(key, missing.question(key), answer.forecasts().get(i), asOf));
            }
            return made;
        }

        Answer answer() {
            List<Forecast> forecasts = new ArrayList<>(entries.length);
            Entry first = requireNonNull(entries[0], "entry");
            long made = first.madeNanos();
            long until = first.untilNanos();
            for (Entry each : entries) {
                Entry entry = requireNonNull(each, "entry");
                forecasts.add(entry.forecast());
                made = entry.madeNanos() - made < 0 ? entry.madeNanos() : made;
                until = entry.untilNanos() - until < 0 ? entry.untilNanos() : until;
            }
            return new Answer(forecasts, model, new Freshness(hits, joined.size(), made, until));
        }
    }

    private static boolean concernsOtherRequest(Throwable cause) {
        if (!(cause instanceof ForecastException exception)) {
            return false;
        }
        return switch (exception.failure()) {
            case INVALID, UNKNOWN_TREND, DEADLINE_EXCEEDED -> true;
            case OVERLOADED, NO_MODEL, FEATURES_UNAVAILABLE, INTERNAL -> false;
        };
    }
}
