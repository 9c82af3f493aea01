package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Stages;

/** Receives every completed request. */
@FunctionalInterface
public interface RequestListener {

    /** Called on an event loop when the last byte was written to the socket; neither blocks nor throws. */
    void completed(CompletedRequest request);

    /**
     * A completed request, for logs and traces. It has no query, no body, and no headers of the client but request id
     * and trace.
     *
     * <p>Immutable: {@code stages} is no longer written.
     *
     * @param method the method
     * @param route the template of the path, {@code other} where there is none
     * @param path the path without its query
     * @param status the status code
     * @param bytes the length of the response body
     * @param cache the part of the cache in the response: {@code hit}, {@code joined}, {@code miss}, or empty
     * @param client the id of the authenticated client
     * @param requestId the id of the request in responses and log lines
     * @param trace the trace that the request belongs to
     * @param startNanos the start, as {@link System#nanoTime} counts
     * @param nanos the duration
     * @param stages the timed stages
     */
    record CompletedRequest(
            String method,
            String route,
            String path,
            int status,
            long bytes,
            String cache,
            String client,
            String requestId,
            TraceContext trace,
            long startNanos,
            long nanos,
            Stages stages) {

        public CompletedRequest {
            requireNonNull(method, "method");
            requireNonNull(route, "route");
            requireNonNull(path, "path");
            requireNonNull(cache, "cache");
            requireNonNull(client, "client");
            requireNonNull(requestId, "requestId");
            requireNonNull(trace, "trace");
            requireNonNull(stages, "stages");
        }
    }
}
