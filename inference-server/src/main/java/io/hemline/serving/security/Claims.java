package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token must say, and who it makes of its bearer. The client is {@code client_id}, else {@code azp}, else {@code
 * sub}; the scopes are words of {@code scope}, or of {@code scp}.
 *
 * <p>Immutable.
 */
final class Claims {

    /** The last second of the year 9999. */
    private static final double MAX_SECONDS = 253_402_300_799.0;

    private final JwtConfig config;
    private final Clock clock;

    Claims(JwtConfig config, Clock clock) {
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Who bears it and for how long. */
    BearerTokens.Verified read(SignedJWT jwt) {
        try {
            JWTClaimsSet said = jwt.getJWTClaimsSet();
            requireIssuerAndAudience(said);
            long until = requireTime(jwt.getPayload().toJSONObject());
            return new BearerTokens.Verified(client(said), until);
        } catch (ParseException e) {
            throw BearerTokens.denied("The token's claims cannot be read.");
        }
    }

    private void requireIssuerAndAudience(JWTClaimsSet said) {
        if (!config.issuer().equals(said.getIssuer())) {
            throw BearerTokens.denied("The token is of another issuer (iss).");
        }
        if (!said.getAudience().contains(config.audience())) {
            throw BearerTokens.denied("The token is for another audience (aud).");
        }
    }

    /** When it expires, which a token must say. */
    private long requireTime(Map<String, Object> said) {
        long now = clock.millis();
        long leeway = config.leeway().toMillis();
        if (!said.containsKey("exp")) {
            throw BearerTokens.denied("The token does not say when it expires (exp).");
        }
        long until = millis(said, "exp");
        if (now - leeway >= until) {
            throw BearerTokens.denied("The token is expired (exp).");
        }
        if (said.containsKey("nbf") && now + leeway < millis(said, "nbf")) {
            throw BearerTokens.denied("The token is not valid yet (nbf).");
        }
        return until;
    }

    /** A time as it is written: the library's own reading of it wraps around far from now. */
    private static long millis(Map<String, Object> said, String claim) {
        if (said.get(claim) instanceof Number seconds && Math.abs(seconds.doubleValue()) <= MAX_SECONDS) {
            return (long) (seconds.doubleValue() * 1000);
        }
        throw BearerTokens.denied("The token's " + claim + " is no number of seconds up to the year 9999.");
    }

    private static Client client(JWTClaimsSet said) throws ParseException {
        for (String claim : List.of("client_id", "azp", "sub")) {
            String id = said.getStringClaim(claim);
            if (id != null) {
                if (!Client.isId(id)) {
                    throw BearerTokens.denied(
                            claim + ": 1 to " + Client.MAX_ID + " printable ASCII characters name a client here.");
                }
                return new Client(id, scopes(said));
            }
        }
        throw BearerTokens.denied("The token names no client (client_id, azp or sub).");
    }

    private static Set<Scope> scopes(JWTClaimsSet said) throws ParseException {
        Object given = said.getClaim("scope") == null ? said.getClaim("scp") : said.getClaim("scope");
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : words(given)) {
            // A token may be for other servers too, whose scopes mean nothing here.
            Scope.of(word).ifPresent(scopes::add);
        }
        return scopes;
    }

    private static List<String> words(@Nullable Object given) {
        if (given instanceof String text) {
            return List.of(text.split(" ", -1));
        }
        return given instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
