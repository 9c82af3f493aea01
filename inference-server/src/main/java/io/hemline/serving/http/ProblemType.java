package io.hemline.serving.http;

import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.security.AccessDenied;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Locale;

/**
 * The one table of failures: each kind of problem with its status in HTTP (RFC 9457) and in gRPC. The protocols
 * render it: {@link ResponseWriter} as a problem document, the Open Inference Protocol as an object with an
 * {@code error}, gRPC as status and message.
 */
public enum ProblemType {
    BAD_REQUEST(400, GrpcStatus.INVALID_ARGUMENT, "Malformed HTTP request"),
    NOT_JSON(400, GrpcStatus.INVALID_ARGUMENT, "Body is not JSON"),
    INVALID_TENSORS(400, GrpcStatus.INVALID_ARGUMENT, "Invalid tensors"),
    UNAUTHENTICATED(401, GrpcStatus.UNAUTHENTICATED, "Who asks is not known"),
    FORBIDDEN(403, GrpcStatus.PERMISSION_DENIED, "Not allowed"),
    NOT_FOUND(404, GrpcStatus.NOT_FOUND, "No such resource"),
    UNKNOWN_TREND(404, GrpcStatus.NOT_FOUND, "Unknown trend"),
    METHOD_NOT_ALLOWED(405, GrpcStatus.UNIMPLEMENTED, "Method not allowed"),
    REQUEST_TIMEOUT(408, GrpcStatus.DEADLINE_EXCEEDED, "Request too slow"),
    TOO_LARGE(413, GrpcStatus.RESOURCE_EXHAUSTED, "Body too large"),
    URI_TOO_LONG(414, GrpcStatus.RESOURCE_EXHAUSTED, "Request line too long"),
    UNSUPPORTED_MEDIA_TYPE(415, GrpcStatus.INVALID_ARGUMENT, "Unsupported media type"),
    MISDIRECTED(421, GrpcStatus.PERMISSION_DENIED, "Misdirected request"),
    INVALID(422, GrpcStatus.INVALID_ARGUMENT, "Invalid question"),
    TOO_MANY_REQUESTS(429, GrpcStatus.RESOURCE_EXHAUSTED, "Too many requests"),
    HEADERS_TOO_LARGE(431, GrpcStatus.RESOURCE_EXHAUSTED, "Headers too large"),
    INTERNAL(500, GrpcStatus.INTERNAL, "Internal error"),
    NOT_IMPLEMENTED(501, GrpcStatus.UNIMPLEMENTED, "Not implemented"),
    OVERLOADED(503, GrpcStatus.UNAVAILABLE, "Overloaded"),
    NO_MODEL(503, GrpcStatus.UNAVAILABLE, "No model is live"),
    FEATURES_UNAVAILABLE(503, GrpcStatus.UNAVAILABLE, "Feature store unavailable"),
    NOT_READY(503, GrpcStatus.UNAVAILABLE, "Not ready"),
    ACCESS_UNDECIDED(503, GrpcStatus.UNAVAILABLE, "Credentials cannot be checked now"),
    DEADLINE_EXCEEDED(504, GrpcStatus.DEADLINE_EXCEEDED, "Deadline exceeded"),
    VERSION_NOT_SUPPORTED(505, GrpcStatus.UNIMPLEMENTED, "HTTP version not supported");

    private final int status;
    private final GrpcStatus grpcStatus;
    private final String title;

    ProblemType(int status, GrpcStatus grpcStatus, String title) {
        this.status = status;
        this.grpcStatus = grpcStatus;
        this.title = title;
    }

    /** The type of each failure of a forecast. */
    public static ProblemType of(Failure failure) {
        return switch (failure) {
            case INVALID -> INVALID;
            case UNKNOWN_TREND -> UNKNOWN_TREND;
            case OVERLOADED -> OVERLOADED;
            case DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
            case NO_MODEL -> NO_MODEL;
            case FEATURES_UNAVAILABLE -> FEATURES_UNAVAILABLE;
            case INTERNAL -> INTERNAL;
        };
    }

    /** The type of each refusal of a client. */
    public static ProblemType of(AccessDenied.Reason reason) {
        return switch (reason) {
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case FORBIDDEN -> FORBIDDEN;
            case MALFORMED -> BAD_REQUEST;
            case UNAVAILABLE -> ACCESS_UNDECIDED;
        };
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    /** The status code in gRPC. */
    public GrpcStatus grpcStatus() {
        return grpcStatus;
    }

    /** The type in the Open Inference Protocol, which has no 422. */
    ProblemType ofTensors() {
        return this == INVALID ? INVALID_TENSORS : this;
    }

    /** The title, equal for all problems of this type. */
    public String title() {
        return title;
    }

    /** Identifies the type, such as {@code urn:hemline:problem:unknown-trend}. */
    public String uri() {
        return "urn:hemline:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the response carries {@code Retry-After}. */
    boolean asksToRetry() {
        return status == 429 || status == 503;
    }

    /** The value of {@code Cache-Control}. */
    String cacheControl() {
        return this == UNKNOWN_TREND ? "public, max-age=30" : "no-store";
    }
}
