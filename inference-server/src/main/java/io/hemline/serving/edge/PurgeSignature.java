package io.hemline.serving.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs purges: HMAC-SHA256 of the time, a dot and the body.
 *
 * <p>Immutable; never prints its secret.
 */
final class PurgeSignature {

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec secret;

    PurgeSignature(String secret) {
        this.secret = new SecretKeySpec(secret.getBytes(UTF_8), HMAC);
    }

    /** Reads the secret; blanks and line ends around it do not belong to it. */
    static PurgeSignature read(Path file) {
        try {
            String secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                throw new IOException("the file is empty");
            }
            return new PurgeSignature(secret);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "edge.purge-secret-file: a secret cannot be read from " + file + ": " + e, e);
        }
    }

    /** The value of the header {@code X-Hemline-Signature}. */
    String header(long unixSeconds, String body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            byte[] sum = mac.doFinal((unixSeconds + "." + body).getBytes(UTF_8));
            return "t=" + unixSeconds + ",v1=" + HexFormat.of().formatHex(sum);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
