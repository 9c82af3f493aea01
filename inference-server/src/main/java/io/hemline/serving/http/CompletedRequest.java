package io.hemline.serving.http;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Stages;

/**
 * One request and how it was answered, as those are told who write it down. It names neither the query nor any header of
 * the caller but its request id and trace, and nothing of a body.
 *
 * <p>Immutable, but for {@code stages}, which nobody writes any more.
 *
 * @param method the method as it came
 * @param route the template of the path, {@code other} where there is none
 * @param path the path as it came, without its query
 * @param status the status code
 * @param bytes the length of the body that was sent
 * @param cache how the cache took part: {@code hit}, {@code joined}, {@code miss}, or empty
 * @param client who asked, by the name that the gate knows
 * @param requestId the name of the request in answers and log lines
 * @param trace the trace that it belongs to
 * @param startNanos when it came, as {@link System#nanoTime} counts
 * @param nanos how long it took
 * @param stages the stages that were timed
 */
public record CompletedRequest(
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
