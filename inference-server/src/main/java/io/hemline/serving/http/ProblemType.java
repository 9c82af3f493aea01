package io.hemline.serving.http;

import io.hemline.serving.core.Failure;
import io.hemline.serving.security.AccessDenied;
import java.util.Locale;

/** The kinds of problem that the door answers with, each with its status code (RFC 9457). */
public enum ProblemType {
    BAD_REQUEST(400, "Malformed HTTP request"),
    NOT_JSON(400, "Body is not JSON"),
    INVALID_TENSORS(400, "Invalid tensors"),
    UNAUTHENTICATED(401, "Who asks is not known"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "No such resource"),
    UNKNOWN_TREND(404, "Unknown trend"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    REQUEST_TIMEOUT(408, "Request too slow"),
    TOO_LARGE(413, "Body too large"),
    URI_TOO_LONG(414, "Request line too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    MISDIRECTED(421, "Misdirected request"),
    INVALID(422, "Invalid question"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    HEADERS_TOO_LARGE(431, "Headers too large"),
    INTERNAL(500, "Internal error"),
    NOT_IMPLEMENTED(501, "Not implemented"),
    OVERLOADED(503, "Overloaded"),
    NO_MODEL(503, "No model is live"),
    FEATURES_UNAVAILABLE(503, "Feature store unavailable"),
    NOT_READY(503, "Not ready"),
    ACCESS_UNDECIDED(503, "Credentials cannot be checked now"),
    DEADLINE_EXCEEDED(504, "Deadline exceeded"),
    VERSION_NOT_SUPPORTED(505, "HTTP version not supported");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The one answer to each failure. */
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

    /** The one answer to each refusal at the gate. */
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

    /** The same words for every problem of this type. */
    public String title() {
        return title;
    }

    /** Identifies the type, such as {@code urn:hemline:problem:unknown-trend}. */
    public String uri() {
        return "urn:hemline:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the answer asks the caller to come back a little later. */
    boolean asksToRetry() {
        return status == 429 || status == 503;
    }

    /** What caches may do with the answer. */
    String cacheControl() {
        return this == UNKNOWN_TREND ? "public, max-age=30" : "no-store";
    }
}
