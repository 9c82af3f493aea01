package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * The certificate of a listener; TLS is off without one.
 *
 * <p>Immutable.
 *
 * @param certFile the certificate chain, PEM
 * @param keyFile the private key, unencrypted PEM
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

    /** TLS is off. */
    public static TlsConfig defaults() {
        return new TlsConfig(Path.of(""), Path.of(""));
    }

    public boolean isOn() {
        return !certFile.toString().isEmpty();
    }

    /** The scheme of the listener's URLs, {@code https} or {@code http}. */
    public String scheme() {
        return isOn() ? "https" : "http";
    }
}
