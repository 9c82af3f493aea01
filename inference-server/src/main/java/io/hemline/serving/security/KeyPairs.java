package io.hemline.serving.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/** Tells whether private keys belong to their certificates, which nothing else asks before the first handshake fails. */
final class KeyPairs {

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final byte[] ANYTHING = "anything".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** Whether there is a pair, and all of them fit. */
    static boolean fit(KeyManagerFactory factory) throws GeneralSecurityException {
        int pairs = 0;
        for (KeyManager manager : factory.getKeyManagers()) {
            for (Map.Entry<String, String> kind : SIGNATURES.entrySet()) {
                String[] aliases = ((X509KeyManager) manager).getServerAliases(kind.getKey(), null);
                for (String alias : aliases == null ? new String[0] : aliases) {
                    if (!fits((X509KeyManager) manager, alias, kind.getValue())) {
                        return false;
                    }
                    pairs++;
                }
            }
        }
        return pairs > 0;
    }

    private static boolean fits(X509KeyManager manager, String alias, String algorithm)
            throws GeneralSecurityException {
        String keyKind = manager.getPrivateKey(alias).getAlgorithm();
        Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(keyKind, algorithm));
        signature.initSign(manager.getPrivateKey(alias));
        signature.update(ANYTHING);
        byte[] signed = signature.sign();
        if (!manager.getCertificateChain(alias)[0].getPublicKey().getAlgorithm().equals(keyKind)) {
            return false;
        }
        signature.initVerify(manager.getCertificateChain(alias)[0].getPublicKey());
        signature.update(ANYTHING);
        return signature.verify(signed);
    }
}
