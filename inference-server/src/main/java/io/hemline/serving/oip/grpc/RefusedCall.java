package io.hemline.serving.oip.grpc;

import io.hemline.serving.core.ForecastException;
import io.hemline.serving.http.ProblemException;
import io.hemline.serving.http.ProblemType;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.Quotas.QuotaExceeded;
import io.vertx.grpc.common.GrpcStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a call has no answer, as its caller is told.
 *
 * <p>Immutable.
 *
 * @param status the code
 * @param message a sentence
 */
record RefusedCall(GrpcStatus status, String message) {

    private static final Logger log = LoggerFactory.getLogger(RefusedCall.class);

    /** What a caller may know of a failure; the rest is logged. */
    static RefusedCall of(String method, Throwable failure) {
        if (failure instanceof ProblemException refused) {
            return new RefusedCall(
                    status(refused.problem().type()), refused.problem().detail());
        }
        if (failure instanceof AccessDenied denied) {
            return new RefusedCall(status(ProblemType.of(denied.reason())), denied.detail());
        }
        if (failure instanceof QuotaExceeded over) {
            return new RefusedCall(status(ProblemType.TOO_MANY_REQUESTS), over.detail());
        }
        if (failure instanceof ForecastException forecast) {
            ProblemType type = ProblemType.of(forecast.failure());
            if (type != ProblemType.INTERNAL) {
                return new RefusedCall(status(type), String.valueOf(forecast.getMessage()));
            }
        }
        log.error("the call {} failed", method, failure);
        return new RefusedCall(GrpcStatus.INTERNAL, "Something broke here; the log tells more.");
    }

    /** The one code for each kind of problem. */
    private static GrpcStatus status(ProblemType type) {
        return switch (type) {
            case BAD_REQUEST, NOT_JSON, INVALID_TENSORS, INVALID, UNSUPPORTED_MEDIA_TYPE -> GrpcStatus.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> GrpcStatus.UNAUTHENTICATED;
            case FORBIDDEN, MISDIRECTED -> GrpcStatus.PERMISSION_DENIED;
            case NOT_FOUND, UNKNOWN_TREND -> GrpcStatus.NOT_FOUND;
            case METHOD_NOT_ALLOWED, NOT_IMPLEMENTED, VERSION_NOT_SUPPORTED -> GrpcStatus.UNIMPLEMENTED;
            case TOO_LARGE, URI_TOO_LONG, HEADERS_TOO_LARGE, TOO_MANY_REQUESTS -> GrpcStatus.RESOURCE_EXHAUSTED;
            case OVERLOADED, NO_MODEL, FEATURES_UNAVAILABLE, NOT_READY, ACCESS_UNDECIDED -> GrpcStatus.UNAVAILABLE;
            case DEADLINE_EXCEEDED, REQUEST_TIMEOUT -> GrpcStatus.DEADLINE_EXCEEDED;
            case INTERNAL -> GrpcStatus.INTERNAL;
        };
    }
}
