package io.hemline.serving.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/**
 * Cross-origin resource sharing for the origins of {@code http.cors-origins} (Fetch standard, section 3.2).
 *
 * <p>Immutable.
 */
final class Cors {

    private static final String ALLOWED_HEADERS =
            "Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id, X-Request-Timeout-Ms, traceparent";
    private static final String EXPOSED_HEADERS =
            "Allow, Cache-Status, ETag, Retry-After, X-Model-Version, X-Request-Id";
    private static final String PREFLIGHT_SECONDS = "600";

    private final boolean anyOrigin;
    private final Set<String> origins;

    Cors(List<String> origins) {
        this.anyOrigin = origins.contains("*");
        this.origins = Set.copyOf(origins);
    }

    /** Whether no other origin is allowed. */
    boolean isOff() {
        return origins.isEmpty();
    }

    /** Whether web pages of an origin may send requests. */
    boolean allows(String origin) {
        return anyOrigin || origins.contains(origin);
    }

    /** Adds the headers that browsers require; {@code true} for a preflight, which these headers answer. */
    boolean answers(HttpServerRequest request, HttpServerResponse response) {
        if (isOff()) {
            return false;
        }
        if (!anyOrigin) {
            response.putHeader("Vary", "Origin");
        }
        String origin = request.getHeader("Origin");
        if (origin == null || !allows(origin)) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Origin", anyOrigin ? "*" : origin);
        response.putHeader("Access-Control-Expose-Headers", EXPOSED_HEADERS);
        if (!request.method().equals(HttpMethod.OPTIONS)
                || !request.headers().contains("Access-Control-Request-Method")) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Methods", "GET, HEAD, POST");
        response.putHeader("Access-Control-Allow-Headers", ALLOWED_HEADERS);
        response.putHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS);
        return true;
    }
}
