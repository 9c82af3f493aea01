package io.hemline.serving.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds tokens to the issuer's signature, by an RSA key of 2048 bits or more or an elliptic one. */
final class TokenSignature {

    private static final Logger log = LoggerFactory.getLogger(TokenSignature.class);
    private static final int MIN_RSA_BITS = 2048;

    private TokenSignature() {}

    /** Whether one of the keys signed it. */
    static void require(SignedJWT jwt, List<JWK> keys) {
        for (JWK key : keys) {
            if (isSignedBy(jwt, key)) {
                return;
            }
        }
        throw BearerTokens.denied("The token's signature is wrong.");
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

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec);
        }
        throw new JOSEException("neither RSA of " + MIN_RSA_BITS + " bits or more nor elliptic");
    }
}
