package io.hemline.serving.security;

import io.hemline.serving.security.Client.Scope;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates by API key ({@code X-API-Key}) and by bearer token; without tokens, {@code Authorization: Bearer}
 * carries an API key too. A client with the scope {@link Scope#EDGE} names the client that it acts for in {@code
 * Hemline-Client}, which is ignored in requests of all others.
 *
 * <p>Immutable.
 */
final class CredentialAuthenticator implements Authenticator {

    static final String KEY_HEADER = "X-API-Key";
    static final String CLIENT_HEADER = "Hemline-Client";

    private static final CharSequence KEY = HttpHeaders.createOptimized(KEY_HEADER);
    private static final CharSequence ON_BEHALF_OF = HttpHeaders.createOptimized(CLIENT_HEADER);
    private static final String BEARER = "Bearer ";
    private static final Set<Scope> READ_ONLY = Set.of(Scope.FORECAST_READ);

    private final @Nullable Supplier<ApiKeys> keys;
    private final @Nullable BearerTokens tokens;

    CredentialAuthenticator(@Nullable Supplier<ApiKeys> keys, @Nullable BearerTokens tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    @Override
    public @Nullable Client tryAuthenticate(MultiMap headers) {
        Client caller = caller(headers);
        if (caller == null || !caller.scopes().contains(Scope.EDGE)) {
            return caller;
        }
        String named = headers.get(ON_BEHALF_OF);
        if (named == null) {
            return caller;
        }
        return Client.isId(named) ? new Client(named, READ_ONLY) : null;
    }

    @Override
    public Future<Client> authenticate(MultiMap headers) {
        Client caller = caller(headers);
        if (caller != null) {
            return onBehalfOf(caller, headers);
        }
        String key = headers.get(KEY);
        if (key != null && keys != null) {
            return Future.failedFuture(TokenVerifier.invalid("The API key is not known."));
        }
        String bearer = bearer(headers);
        if (bearer == null) {
            return Future.failedFuture(AccessDenied.unauthenticated(expectedCredentials(), "Bearer realm=\"hemline\""));
        }
        if (tokens == null) {
            return Future.failedFuture(TokenVerifier.invalid("The API key is not known."));
        }
        return tokens.verify(bearer).compose(verified -> onBehalfOf(verified, headers));
    }

    /** The client of a known key or a cached token. */
    private @Nullable Client caller(MultiMap headers) {
        Supplier<ApiKeys> current = keys;
        if (current != null) {
            String key = headers.get(KEY);
            if (key != null) {
                return current.get().client(key);
            }
        }
        String bearer = bearer(headers);
        if (bearer == null) {
            return null;
        }
        if (tokens != null) {
            return tokens.cached(bearer);
        }
        return current == null ? null : current.get().client(bearer);
    }

    private static Future<Client> onBehalfOf(Client caller, MultiMap headers) {
        String named = headers.get(ON_BEHALF_OF);
        if (named == null || !caller.scopes().contains(Scope.EDGE)) {
            return Future.succeededFuture(caller);
        }
        return Client.isId(named)
                ? Future.succeededFuture(new Client(named, READ_ONLY))
                : Future.failedFuture(AccessDenied.malformed(
                        CLIENT_HEADER + ": 1 to " + Client.MAX_ID + " printable ASCII characters."));
    }

    private static @Nullable String bearer(MultiMap headers) {
        String value = headers.get(HttpHeaders.AUTHORIZATION);
        return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : null;
    }

    private String expectedCredentials() {
        if (tokens == null) {
            return "Send an API key in " + KEY_HEADER + ".";
        }
        return "Send a token in Authorization: Bearer"
                + (keys == null ? "." : ", or an API key in " + KEY_HEADER + ".");
    }

    @Override
    public String toString() {
        return (keys == null ? "" : "API keys")
                + (keys == null || tokens == null ? "" : ", ")
                + (tokens == null ? "" : "tokens");
    }
}
