package io.hemline.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key whose signatures are trusted. Immutable.
 *
 * @param name the file that it was read from
 * @param key an elliptic curve key
 * @param algorithm the JDK's name of its signature algorithm
 * @param hint SHA-256 of the key's PEM text, which bundles use as its name
 */
public record TrustedKey(String name, ECPublicKey key, String algorithm, String hint) {

    private static final int MAX_BYTES = 1 << 14;
    private static final int PEM_COLUMNS = 64;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    public TrustedKey {
        requireNonNull(name, "name");
        requireNonNull(key, "key");
    }

    /** Reads a PEM file with one public key on the curve P-256, P-384 or P-521. */
    public static TrustedKey read(Path file) {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MAX_BYTES), US_ASCII);
        } catch (IOException e) {
            throw new StoreException("cannot read public key " + file + ": " + e, e);
        }
        if (text.contains("PRIVATE KEY")) {
            throw new StoreException("public key " + file + " holds a private key; keep that one where models are made,"
                    + " and name the file that `openssl ec -pubout` writes");
        }
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new StoreException("public key " + file + " is no PEM file with one \"BEGIN PUBLIC KEY\"");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            ECPublicKey key =
                    (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
            return new TrustedKey(file.toString(), key, algorithm(file, key), hint(key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreException("public key " + file + " is no elliptic curve key: " + e.getMessage(), e);
        }
    }

    /** Whether the signature of the message is by this key. */
    boolean signed(byte[] message, byte[] signature) {
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // The signature is not a pair of numbers in DER.
            return false;
        }
    }

    private static String algorithm(Path file, ECPublicKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return switch (bits) {
            case 256 -> "SHA256withECDSA";
            case 384 -> "SHA384withECDSA";
            case 521 -> "SHA512withECDSA";
            default ->
                throw new StoreException(
                        "public key " + file + " is of a curve with " + bits + " bits; use P-256, P-384 or P-521");
        };
    }

    private static String hint(ECPublicKey key) {
        String base64 = Base64.getMimeEncoder(PEM_COLUMNS, new byte[] {'\n'}).encodeToString(key.getEncoded());
        String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n";
        return Digest.of(pem.getBytes(US_ASCII));
    }
}
