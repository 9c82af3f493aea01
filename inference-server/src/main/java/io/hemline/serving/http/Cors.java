package io.hemline.serving.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;

/**
 * Lets pages of other origins ask, as {@code http.cors-origins} says (Fetch standard, section 3.2).
 *
 * <p>Immutable.
 */
final class Cors {

    private static final String ALLOWED_HEADERS =
            "Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id, X-Request-Timeout-Ms, traceparent";
    private static final String EXPOSED_HEADERS =
            "Allow, Cache-Status, ETag, Retry-After, X-Model-Version, X-Request-Id";
    private static final String PREFLIGHT_SECONDS = "600";

    private final boolean everyone;
    private final Set<String> origins;

    Cors(List<String> origins) {
        this.everyone = origins.contains("*");
        this.origins = Set.copyOf(origins);
    }

    /** Whether pages of other origins may ask nothing. */
    boolean isOff() {
        return origins.isEmpty();
    }

    /** Whether pages of that origin may ask. */
    boolean allows(String origin) {
        return everyone || origins.contains(origin);
    }

    /** Adds what the browser wants to see. A preflight is answered here, and {@code true} says so. */
    boolean answers(HttpServerRequest request, HttpServerResponse response) {
        if (isOff()) {
            return false;
        }
        if (!everyone) {
            response.putHeader("Vary", "Origin");
        }
        String origin = request.getHeader("Origin");
        if (origin == null || !allows(origin)) {
            return false;
        }
        response.putHeader("Access-Control-Allow-Origin", everyone ? "*" : origin);
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
