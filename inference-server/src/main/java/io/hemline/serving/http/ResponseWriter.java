package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one response to a request: 304 for a known entity tag, gzip where the client accepts it, headers alone for
 * {@code HEAD}. The first response is written, further ones are dropped.
 *
 * <p>Confined to one event loop.
 */
final class ResponseWriter {

    static final String RETRY_AFTER = "Retry-After";
    static final CharSequence QUOTA_POLICY = HttpHeaders.createOptimized("RateLimit-Policy");

    /** The header lines of every response, names and values alternating. */
    static final List<CharSequence> COMMON_HEADERS =
            List.of(HttpHeaders.createOptimized("X-Content-Type-Options"), HttpHeaders.createOptimized("nosniff"));

    private static final String RETRY_AFTER_SECONDS = "1";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private boolean compressing;

    ResponseWriter(HttpServerRequest request) {
        this.request = requireNonNull(request, "request");
        this.response = request.response();
    }

    /** Whether a response is written or being compressed, or the connection is closed. */
    boolean isDecided() {
        return compressing || response.ended() || response.closed() || response.headWritten();
    }

    void putHeader(CharSequence name, CharSequence value) {
        response.putHeader(name, value);
    }

    /**
     * Writes a representation with 200, or 304 alone.
     *
     * @param current headers of this response alone
     * @param offLoop runs a slow compression on a worker and completes on this event loop
     */
    void write(
            Representation representation,
            Map<String, String> current,
            Function<Callable<byte @Nullable []>, Future<byte @Nullable []>> offLoop) {
        if (isDecided()) {
            return;
        }
        representation.headers().forEach(response::putHeader);
        current.forEach(response::putHeader);
        response.headers().add("Vary", "Accept-Encoding");
        String tag = representation.etag();
        if (tag != null) {
            response.putHeader("ETag", tag);
            String known = HeaderFields.list(request.headers(), "If-None-Match");
            if (known != null && HeaderFields.matchesTag(known, tag)) {
                response.setStatusCode(304).end();
                return;
            }
        }
        response.putHeader("Content-Type", representation.contentType());
        if (!acceptsGzip()) {
            send(representation.body(), null);
            return;
        }
        if (!representation.isSlowToCompress()) {
            send(representation.body(), representation.gzip());
            return;
        }
        compressing = true;
        offLoop.apply(representation::gzip).onComplete((gzip, failure) -> {
            compressing = false;
            if (!isDecided()) {
                send(representation.body(), gzip);
            }
        });
    }

    /** Writes 204 and no body. */
    void writeEmpty() {
        if (!isDecided()) {
            response.setStatusCode(204).end();
        }
    }

    /** Writes a problem document. */
    void write(Problem problem, String contentType) {
        if (isDecided()) {
            return;
        }
        response.setStatusCode(problem.type().status());
        response.putHeader("Content-Type", contentType);
        response.putHeader("Cache-Control", problem.type().cacheControl());
        response.headers().add("Vary", "Accept-Encoding");
        if (problem.type().asksToRetry() && !response.headers().contains(RETRY_AFTER)) {
            response.putHeader(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        byte[] body = problem.toJson();
        send(body, acceptsGzip() ? GzipEncoding.of(body) : null);
    }

    private boolean acceptsGzip() {
        return GzipEncoding.isAccepted(HeaderFields.list(request.headers(), "Accept-Encoding"));
    }

    private void send(byte[] plain, byte @Nullable [] gzip) {
        byte[] body = plain;
        if (gzip != null) {
            body = gzip;
            response.putHeader("Content-Encoding", GzipEncoding.NAME);
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(body.length));
            response.end();
            return;
        }
        response.end(Buffer.buffer(body));
    }
}
