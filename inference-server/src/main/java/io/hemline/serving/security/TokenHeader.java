package io.hemline.serving.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Holds tokens to a header that we understand: signed by RS256 or ES256, whatever else a token says, with a key that it
 * names, as an access token, without extensions.
 */
final class TokenHeader {

    /*
     * RFC 8725 (3.11) has every kind of JWT typed, so that none is taken for another: a logout or an identity token of the
     * same issuer opens nothing. RFC 9068 calls access tokens at+jwt; many issuers still write JWT, or nothing. RFC 7515
     * (4.1.11) forbids an empty crit, and of what a full one may demand we know nothing.
     */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

    private TokenHeader() {}

    static void require(SignedJWT jwt) throws ParseException {
        if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
            throw BearerTokens.denied("The token must be signed by RS256 or ES256.");
        }
        Map<String, Object> header =
                JSONObjectUtils.parse(jwt.getHeader().toBase64URL().decodeToString());
        if (!(header.get("kid") instanceof String)) {
            throw BearerTokens.denied("The token must name its key (kid).");
        }
        if (header.containsKey("typ")
                && !(header.get("typ") instanceof String type && TYPES.contains(type.toLowerCase(Locale.ROOT)))) {
            throw BearerTokens.denied("The token is no access token (typ).");
        }
        if (header.containsKey("crit")) {
            throw BearerTokens.denied("The token demands an extension that is not known here (crit).");
        }
    }
}
