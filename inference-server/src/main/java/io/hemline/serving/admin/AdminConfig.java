package io.hemline.serving.admin;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.AllowedHosts;
import io.hemline.serving.security.TlsCertificate.TlsConfig;

/**
 * The operators' listener. Its metrics need no authentication: keep it off public networks.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param allowedHosts the host names, separated by commas, that requests may name in addition to {@code host}
 * @param tls the certificate
 */
public record AdminConfig(String host, int port, String allowedHosts, TlsConfig tls) {

    public AdminConfig {
        requireNonNull(host, "host");
        requireNonNull(allowedHosts, "allowedHosts");
        requireNonNull(tls, "tls");
        if (host.isBlank()) {
            throw new IllegalArgumentException("host: an address, not blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: 0 to 65535, not " + port);
        }
        AllowedHosts.of(allowedHosts, host);
    }

    /** With the default host names. */
    public AdminConfig(String host, int port, TlsConfig tls) {
        this(host, port, AllowedHosts.DEFAULT, tls);
    }

    /** Without TLS. */
    public AdminConfig(String host, int port) {
        this(host, port, TlsConfig.defaults());
    }

    /** The loopback address, port 8081. */
    public static AdminConfig defaults() {
        return new AdminConfig("127.0.0.1", 8081);
    }

    /** The host names that requests may name. */
    AllowedHosts hosts() {
        return AllowedHosts.of(allowedHosts, host);
    }
}
