package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.Client.Scope;
import org.jspecify.annotations.Nullable;

/** A request that failed authentication or authorization. Has no stack trace: a rejection is a regular answer. */
public final class AccessDenied extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable String challenge;

    private AccessDenied(Reason reason, String detail, @Nullable String challenge) {
        super(detail, null, false, false);
        this.reason = requireNonNull(reason, "reason");
        this.challenge = challenge;
    }

    /** No credentials, or invalid ones. */
    public static AccessDenied unauthenticated(String detail, String challenge) {
        return new AccessDenied(Reason.UNAUTHENTICATED, detail, challenge);
    }

    /** An authenticated client without the required scope. */
    public static AccessDenied missingScope(Client client, Scope scope) {
        return new AccessDenied(
                Reason.FORBIDDEN,
                "Client \"" + client.id() + "\" lacks the scope " + scope.word() + ".",
                "Bearer error=\"insufficient_scope\", scope=\"" + scope.word() + "\"");
    }

    /** A malformed authentication header. */
    public static AccessDenied malformed(String detail) {
        return new AccessDenied(Reason.MALFORMED, detail, null);
    }

    /** Credentials that cannot be verified now; the client may retry. */
    public static AccessDenied unavailable(String detail) {
        return new AccessDenied(Reason.UNAVAILABLE, detail, null);
    }

    public Reason reason() {
        return reason;
    }

    /** A sentence for the client. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The value of {@code WWW-Authenticate}, if other credentials would help. */
    public @Nullable String challenge() {
        return challenge;
    }

    /** The kinds of rejection; each protocol maps all of them to statuses. */
    public enum Reason {
        UNAUTHENTICATED,
        FORBIDDEN,
        MALFORMED,
        UNAVAILABLE
    }
}
