package io.hemline.serving.security.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;

/** An issuer of tokens with one key of each type. */
public final class Issuer {

    public static final String NAME = "https://issuer.example";
    public static final String AUDIENCE = "hemline";
    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    public final JWK rsa;
    public final JWK ec;

    /** An issuer whose key ids have a prefix. */
    public Issuer(String prefix) {
        try {
            rsa = new RSAKeyGenerator(2048).keyID(prefix + "-rsa").generate();
            ec = new ECKeyGenerator(Curve.P_256).keyID(prefix + "-ec").generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** The public JWK set. */
    public JWKSet publicKeys() {
        return new JWKSet(java.util.List.of(rsa.toPublicJWK(), ec.toPublicJWK()));
    }

    /** Valid claims that expire after ten minutes. */
    public static JWTClaimsSet.Builder claims(String client, String scope, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience(AUDIENCE)
                .subject(client)
                .claim("scope", scope)
                .expirationTime(Date.from(now.plusSeconds(600)));
    }

    /** A token signed by the RSA key. */
    public String rs256(JWTClaimsSet claims) {
        return sign(JWSAlgorithm.RS256, rsa, claims);
    }

    /** A token signed by the elliptic key. */
    public String es256(JWTClaimsSet claims) {
        return sign(JWSAlgorithm.ES256, ec, claims);
    }

    /** A token signed by a key and an algorithm. */
    public static String sign(JWSAlgorithm algorithm, JWK key, JWTClaimsSet claims) {
        try {
            JWSSigner signer = JWSAlgorithm.Family.EC.contains(algorithm)
                    ? new ECDSASigner(key.toECKey())
                    : new RSASSASigner(key.toRSAKey());
            return sign(algorithm, key.getKeyID(), signer, claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** A token whose HMAC secret is the public RSA key. */
    public String hs256ByThePublicKey(JWTClaimsSet claims) {
        try {
            byte[] secret = rsa.toRSAKey().toPublicKey().getEncoded();
            return sign(JWSAlgorithm.HS256, rsa.getKeyID(), new MACSigner(secret), claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** An unsigned token. */
    public static String unsigned(JWTClaimsSet claims) {
        return new PlainJWT(claims).serialize();
    }

    private static String sign(JWSAlgorithm algorithm, String key, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT jwt =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key).build(), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }
}
