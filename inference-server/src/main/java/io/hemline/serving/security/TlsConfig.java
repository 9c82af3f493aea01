package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * The certificate of a listener. Without one it speaks in clear.
 *
 * <p>Immutable.
 *
 * @param certFile the certificate and what leads to its root, PEM
 * @param keyFile its private key, PEM without a password
 */
public record TlsConfig(Path certFile, Path keyFile) {

    public TlsConfig {
        requireNonNull(certFile, "certFile");
        requireNonNull(keyFile, "keyFile");
        if (certFile.toString().isEmpty() != keyFile.toString().isEmpty()) {
            throw new IllegalArgumentException((certFile.toString().isEmpty() ? "certFile" : "keyFile")
                    + ": a certificate and its key go together");
        }
    }

    /** None. */
    public static TlsConfig defaults() {
        return new TlsConfig(Path.of(""), Path.of(""));
    }

    /** Whether there is one. */
    public boolean isOn() {
        return !certFile.toString().isEmpty();
    }

    /** What an address begins with, {@code https} or {@code http}. */
    public String scheme() {
        return isOn() ? "https" : "http";
    }
}
