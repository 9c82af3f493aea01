package io.hemline.serving.http;

import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** The headers that answers of every resource carry. */
final class CommonHeaders {

    /**
     * The lines of every answer, names and values in turns. What browsers are told about documents stands with the pages: a
     * JSON answer that nobody sniffs is none.
     */
    static final List<CharSequence> ALL =
            List.of(HttpHeaders.createOptimized("X-Content-Type-Options"), HttpHeaders.createOptimized("nosniff"));

    /** What one client may ask. */
    static final CharSequence QUOTA = HttpHeaders.createOptimized("RateLimit-Policy");

    private CommonHeaders() {}
}
