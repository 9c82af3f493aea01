package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Why somebody does not get in. Made without a stack trace: refusing is an answer. */
public final class AccessDenied extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final @Nullable String challenge;

    private AccessDenied(Reason reason, String detail, @Nullable String challenge) {
        super(detail, null, false, false);
        this.reason = requireNonNull(reason, "reason");
        this.challenge = challenge;
    }

    /** Nobody, or nobody that is known. */
    public static AccessDenied unknown(String detail, String challenge) {
        return new AccessDenied(Reason.UNKNOWN, detail, challenge);
    }

    /** Somebody who is known and may not. */
    public static AccessDenied lacking(Client client, Scope scope) {
        return new AccessDenied(
                Reason.FORBIDDEN,
                "Client \"" + client.id() + "\" lacks the scope " + scope.word() + ".",
                "Bearer error=\"insufficient_scope\", scope=\"" + scope.word() + "\"");
    }

    /** Somebody who says something that cannot be. */
    public static AccessDenied malformed(String detail) {
        return new AccessDenied(Reason.MALFORMED, detail, null);
    }

    /** Somebody who cannot be checked now. */
    public static AccessDenied undecided(String detail) {
        return new AccessDenied(Reason.UNDECIDED, detail, null);
    }

    /** Who is to blame, and may they try again. */
    public Reason reason() {
        return reason;
    }

    /** A sentence for the caller. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** What {@code WWW-Authenticate} says, if anything would help. */
    public @Nullable String challenge() {
        return challenge;
    }

    /** The kinds of refusal; every door answers each. */
    public enum Reason {
        UNKNOWN,
        FORBIDDEN,
        MALFORMED,
        UNDECIDED
    }
}
