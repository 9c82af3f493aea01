package io.hemline.serving.http;

import io.hemline.serving.http.Problem.ProblemException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Answers malformed requests and closes their connections, since the start of the next request is unknown. */
public final class MalformedRequests {

    private MalformedRequests() {}

    /** The problem of a malformed body, {@code null} of a well-formed one. */
    public static @Nullable Problem body(HttpServerRequest request) {
        return request.decoderResult().cause() instanceof ProblemException broken ? broken.problem() : null;
    }

    /** Answers with a problem; returns the request id of the response. */
    public static CharSequence refuse(HttpServerRequest request, Problem problem) {
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

    /** The problem of a malformed request. */
    public static Problem problem(HttpServerRequest request, int maxHeader) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof ProblemException refused) {
            return refused.problem();
        }
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
