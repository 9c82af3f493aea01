package io.hemline.serving.security;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows clients by key ({@code X-API-Key}) and by bearer token; where there are no tokens, {@code Authorization: Bearer}
 * carries a key as well. Whom the edge asks for is told by {@code Hemline-Client}, which is heard from nobody else.
 *
 * <p>Immutable.
 */
final class CredentialAuthenticator implements Authenticator {

    static final String KEY_HEADER = "X-API-Key";
    static final String CLIENT_HEADER = "Hemline-Client";

    private static final CharSequence KEY = HttpHeaders.createOptimized(KEY_HEADER);
    private static final CharSequence ON_BEHALF = HttpHeaders.createOptimized(CLIENT_HEADER);
    private static final String BEARER = "Bearer ";
    private static final Set<Scope> READING = Set.of(Scope.FORECAST_READ);

    private final @Nullable Supplier<ApiKeys> keys;
    private final @Nullable BearerTokens tokens;

    CredentialAuthenticator(@Nullable Supplier<ApiKeys> keys, @Nullable BearerTokens tokens) {
        this.keys = keys;
        this.tokens = tokens;
    }

    @Override
    public @Nullable Client known(MultiMap headers) {
        Client client = caller(headers);
        if (client == null || !client.scopes().contains(Scope.EDGE)) {
            return client;
        }
        String asked = headers.get(ON_BEHALF);
        if (asked == null) {
            return client;
        }
        return Client.isId(asked) ? new Client(asked, READING) : null;
    }

    @Override
    public Future<Client> admit(MultiMap headers) {
        Client client = caller(headers);
        if (client != null) {
            return onBehalf(client, headers);
        }
        String key = headers.get(KEY);
        if (key != null && keys != null) {
            return Future.failedFuture(BearerTokens.denied("The API key is not known."));
        }
        String bearer = bearer(headers);
        if (bearer == null) {
            return Future.failedFuture(AccessDenied.unknown(demand(), "Bearer realm=\"hemline\""));
        }
        if (tokens == null) {
            return Future.failedFuture(BearerTokens.denied("The API key is not known."));
        }
        return tokens.check(bearer).compose(checked -> onBehalf(checked, headers));
    }

    private @Nullable Client caller(MultiMap headers) {
        Supplier<ApiKeys> known = keys;
        if (known != null) {
            String key = headers.get(KEY);
            if (key != null) {
                return known.get().client(key);
            }
        }
        String bearer = bearer(headers);
        if (bearer == null) {
            return null;
        }
        if (tokens != null) {
            return tokens.known(bearer);
        }
        return known == null ? null : known.get().client(bearer);
    }

    private static Future<Client> onBehalf(Client client, MultiMap headers) {
        String asked = headers.get(ON_BEHALF);
        if (asked == null || !client.scopes().contains(Scope.EDGE)) {
            return Future.succeededFuture(client);
        }
        return Client.isId(asked)
                ? Future.succeededFuture(new Client(asked, READING))
                : Future.failedFuture(AccessDenied.malformed(
                        CLIENT_HEADER + ": 1 to " + Client.MAX_ID + " printable ASCII characters."));
    }

    private static @Nullable String bearer(MultiMap headers) {
        String value = headers.get(HttpHeaders.AUTHORIZATION);
        return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : null;
    }

    private String demand() {
        if (tokens == null) {
            return "Send an API key in " + KEY_HEADER + ".";
        }
        return "Send a token in Authorization: Bearer"
                + (keys == null ? "." : ", or an API key in " + KEY_HEADER + ".");
    }

    @Override
    public String toString() {
        return (keys == null ? "" : "keys")
                + (keys == null || tokens == null ? "" : ", ")
                + (tokens == null ? "" : "tokens");
    }
}
