package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.hemline.serving.security.Client.Scope;
import java.text.ParseException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies the header, the signature and the claims of access tokens (RFC 9068). The client is {@code client_id}, else
 * {@code azp}, else {@code sub}; its scopes are the values of {@code scope}, or of {@code scp}.
 *
 * <p>Immutable.
 */
final class TokenVerifier {

    /*
     * RFC 8725 (3.11) requires a type for every kind of JWT, so that none is accepted in place of another: identity and
     * logout tokens of the same issuer are rejected. RFC 9068 calls access tokens at+jwt; many issuers still write JWT,
     * or nothing. RFC 7515 (4.1.11) forbids an empty crit, and no extension that it may list is implemented.
     *
     * The header and the times are read as JSON. Nimbus' JWSHeader takes a null typ for none, and its JWTClaimsSet
     * wraps around on times far from now; so its DefaultJWTProcessor would accept tokens that the edge rejects
     * (model-store/fixtures/tokens.json).
     */
    private static final Logger log = LoggerFactory.getLogger(TokenVerifier.class);
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");
    private static final int MIN_RSA_BITS = 2048;

    /** The last second of the year 9999. */
    private static final double MAX_SECONDS = 253_402_300_799.0;

    private final AuthConfig.JwtConfig config;
    private final Clock clock;

    TokenVerifier(AuthConfig.JwtConfig config, Clock clock) {
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Rejects a header without {@code kid} and one of another algorithm, type or critical extension. */
    static void verifyHeader(SignedJWT jwt) throws ParseException {
        if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
            throw invalid("The token must be signed by RS256 or ES256.");
        }
        Map<String, Object> header =
                JSONObjectUtils.parse(jwt.getHeader().toBase64URL().decodeToString());
        if (!(header.get("kid") instanceof String)) {
            throw invalid("The token must name its key (kid).");
        }
        if (header.containsKey("typ")
                && !(header.get("typ") instanceof String type && TYPES.contains(type.toLowerCase(Locale.ROOT)))) {
            throw invalid("The token is no access token (typ).");
        }
        if (header.containsKey("crit")) {
            throw invalid("The token demands an extension that is not known here (crit).");
        }
    }

    /** Verifies the signature by one of the keys, then the claims. */
    VerifiedToken verify(SignedJWT jwt, List<JWK> keys) {
        if (keys.stream().noneMatch(key -> isSignedBy(jwt, key))) {
            throw invalid("The token's signature is wrong.");
        }
        try {
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            verifyIssuerAndAudience(claims);
            long expiry = verifyTimes(jwt.getPayload().toJSONObject());
            return new VerifiedToken(client(claims), expiry);
        } catch (ParseException e) {
            throw invalid("The token's claims cannot be read.");
        }
    }

    static AccessDenied invalid(String detail) {
        return AccessDenied.unauthenticated(detail, "Bearer realm=\"hemline\", error=\"invalid_token\"");
    }

    private static boolean isSignedBy(SignedJWT jwt, JWK key) {
        try {
            JWSVerifier verifier = verifier(key);
            return verifier.supportedJWSAlgorithms().contains(jwt.getHeader().getAlgorithm()) && jwt.verify(verifier);
        } catch (JOSEException e) {
            log.debug("the issuer's key {} cannot be used", key.getKeyID(), e);
            return false;
        }
    }

    /** The verifier of the key's type, independent of the token's algorithm. */
    private static JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec);
        }
        throw new JOSEException("neither RSA of " + MIN_RSA_BITS + " bits or more nor elliptic");
    }

    private void verifyIssuerAndAudience(JWTClaimsSet claims) {
        if (!config.issuer().equals(claims.getIssuer())) {
            throw invalid("The token is of another issuer (iss).");
        }
        if (!claims.getAudience().contains(config.audience())) {
            throw invalid("The token is for another audience (aud).");
        }
    }

    /** Returns the expiry, which is mandatory, in milliseconds since 1970. */
    private long verifyTimes(Map<String, Object> claims) {
        long now = clock.millis();
        long leeway = config.leeway().toMillis();
        if (!claims.containsKey("exp")) {
            throw invalid("The token does not say when it expires (exp).");
        }
        long expiry = millis(claims, "exp");
        if (now - leeway >= expiry) {
            throw invalid("The token is expired (exp).");
        }
        if (claims.containsKey("nbf") && now + leeway < millis(claims, "nbf")) {
            throw invalid("The token is not valid yet (nbf).");
        }
        return expiry;
    }

    private static long millis(Map<String, Object> claims, String claim) {
        if (claims.get(claim) instanceof Number seconds && Math.abs(seconds.doubleValue()) <= MAX_SECONDS) {
            return (long) (seconds.doubleValue() * 1000);
        }
        throw invalid("The token's " + claim + " is no number of seconds up to the year 9999.");
    }

    private static Client client(JWTClaimsSet claims) throws ParseException {
        for (String claim : List.of("client_id", "azp", "sub")) {
            String id = claims.getStringClaim(claim);
            if (id != null) {
                if (!Client.isId(id)) {
                    throw invalid(claim + ": 1 to " + Client.MAX_ID + " printable ASCII characters.");
                }
                return new Client(id, scopes(claims));
            }
        }
        throw invalid("The token names no client (client_id, azp or sub).");
    }

    private static Set<Scope> scopes(JWTClaimsSet claims) throws ParseException {
        Object claim = claims.getClaim("scope") == null ? claims.getClaim("scp") : claims.getClaim("scope");
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : words(claim)) {
            // Scopes of other resource servers are ignored.
            Scope.of(word).ifPresent(scopes::add);
        }
        return scopes;
    }

    private static List<String> words(@Nullable Object claim) {
        if (claim instanceof String text) {
            return List.of(text.split(" ", -1));
        }
        return claim instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /**
     * The content of a valid token.
     *
     * @param expiryMillis milliseconds since 1970
     */
    record VerifiedToken(Client client, long expiryMillis) {}
}
