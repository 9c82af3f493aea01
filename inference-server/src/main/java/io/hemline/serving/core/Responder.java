package io.hemline.serving.core;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.AnswerCache.CachedResponse;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A step of the path that answers a query with a whole response: the steps from the choice of a version to its response
 * cache. The steps below answer with forecasts and are {@link Forecaster}s.
 */
@FunctionalInterface
public interface Responder {

    /**
     * Answers the query.
     *
     * @return the response, or a failed future carrying a {@link ForecastException}
     */
    Future<Response> respond(Query query);

    /**
     * A forecast request and the form of its response.
     *
     * <p>Immutable.
     *
     * @param request the questions
     * @param startNanos the {@link System#nanoTime} when the request arrived
     * @param canonicalKey the cache key that all spellings of the same query share; {@code null} when it has none,
     *     because the client sent a series of its own
     * @param requestKey the cache key of this spelling; {@code null} when it is too long to be cached
     * @param writer writes the response
     */
    record Query(
            Request request,
            long startNanos,
            @Nullable String canonicalKey,
            @Nullable String requestKey,
            Writer writer) {

        public Query {
            requireNonNull(request, "request");
            requireNonNull(writer, "writer");
        }
    }

    /** Writes a response in the form that the client asked for. */
    @FunctionalInterface
    interface Writer {

        /** Completes on the context of the caller; a worker thread writes a large response. */
        Future<CachedResponse> write(Answer answer);
    }

    /**
     * A finished response.
     *
     * <p>Immutable.
     *
     * @param content body and headers
     * @param cached whether it came from the response cache
     */
    record Response(CachedResponse content, boolean cached) {

        public Response {
            requireNonNull(content, "content");
        }
    }
}
