package io.hemline.serving.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is no HTTP request, and closes its connection, for nobody knows where the next one would begin. */
final class Malformed {

    private Malformed() {}

    /** Answers what the parser could not read; returns the id under which it did. */
    static CharSequence refuse(HttpServerRequest request, int maxHeader) {
        return refuse(request, problem(request.decoderResult().cause(), maxHeader));
    }

    /** Answers with a problem; returns the id under which it did. */
    static CharSequence refuse(HttpServerRequest request, Problem problem) {
        CharSequence id = RequestId.of(request.getHeader(RequestId.HEADER));
        request.response()
                .setStatusCode(problem.type().status())
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Connection", "close")
                .putHeader(RequestId.HEADER, id)
                .end(Buffer.buffer(problem.toJson()))
                .onComplete(sent -> request.connection().close());
        return id;
    }

    private static Problem problem(Throwable cause, int maxHeader) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(ProblemType.URI_TOO_LONG, "The request line may have at most 65536 bytes.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(
                    ProblemType.HEADERS_TOO_LARGE,
                    "The headers may have at most " + maxHeader + " bytes (http.connections.max-header).");
        }
        return Problem.of(ProblemType.BAD_REQUEST, "This is not an HTTP request.");
    }
}
