package io.hemline.serving.cache;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.AnswerCache;
import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Responder;
import io.vertx.core.Future;

/**
 * The response cache as a step: answers with a cached response of its version, or writes and caches a new one.
 *
 * <p>Immutable; the cache is thread-safe.
 */
public final class CachedResponder implements Responder {

    private final AnswerCache cache;
    private final Forecaster next;

    public CachedResponder(AnswerCache cache, Forecaster next) {
        this.cache = requireNonNull(cache, "cache");
        this.next = requireNonNull(next, "next");
    }

    @Override
    public Future<Response> respond(Query query) {
        long generation = cache.generation();
        CachedResponse cached = query.canonicalKey() == null ? null : cache.lookup(query.canonicalKey());
        if (cached != null) {
            if (query.requestKey() != null) {
                cache.put(query.requestKey(), cached, generation);
            }
            return Future.succeededFuture(new Response(cached, true));
        }
        return next.forecast(query.request())
                .compose(answer -> query.writer().write(answer).map(written -> {
                    keep(query, answer, written, generation);
                    return new Response(written, false);
                }));
    }

    /** A series of the client's own seldom repeats: its response is cached only if its forecast was a hit. */
    private void keep(Query query, Answer answer, CachedResponse written, long generation) {
        if (query.canonicalKey() != null) {
            cache.put(query.canonicalKey(), written, generation);
        }
        if (query.requestKey() != null && (query.canonicalKey() != null || answer.isHit())) {
            cache.put(query.requestKey(), written, generation);
        }
    }

    @Override
    public String toString() {
        return "response cache ▶ " + next;
    }
}
