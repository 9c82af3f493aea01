package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of one listener: TLS 1.2 and 1.3, HTTP/2 by ALPN. It is read again when its files change; a pair that
 * does not fit together, as between two writes, leaves the old one in force.
 *
 * <p>Thread-safe: two volatile references; the rest is set before it is shared.
 */
public final class TlsCertificate implements AutoCloseable {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    private static final long PATIENCE_SECONDS = 10;

    private final TlsConfig config;
    private final Vertx vertx;
    private final String what;
    private final MeterRegistry meters;
    private volatile @Nullable WatchedFiles watched;
    private volatile @Nullable HttpServer server;

    /**
     * The certificate that a listener is told.
     *
     * @param what names the listener in logs and metrics
     */
    public TlsCertificate(TlsConfig config, Vertx vertx, String what, MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.vertx = requireNonNull(vertx, "vertx");
        this.what = requireNonNull(what, "what");
        this.meters = requireNonNull(meters, "meters");
    }

    /** Adds it to the options of the listener; fails with {@link InvalidKeyMaterial}. */
    public HttpServerOptions addTo(HttpServerOptions options) {
        if (!config.isOn()) {
            return options;
        }
        List<Path> files = List.of(config.certFile(), config.keyFile());
        // Before the first reading, so that a change between it and follow() is one.
        watched = new WatchedFiles(vertx, what + "-tls", files, this::replace, meters);
        try {
            return options.setSsl(true)
                    .setUseAlpn(true)
                    .setEnabledSecureTransportProtocols(PROTOCOLS)
                    .setKeyCertOptions(read());
        } catch (Exception e) {
            throw new InvalidKeyMaterial(
                    "the certificate of " + what + " (" + config.certFile() + ", " + config.keyFile()
                            + ") cannot be used: " + e.getMessage(),
                    e);
        }
    }

    /** From now on the listener, which was made with these options, gets what its files become. */
    public void follow(HttpServer server) {
        this.server = server;
        WatchedFiles files = watched;
        if (files != null) {
            files.start();
        }
    }

    private Boolean replace() throws Exception {
        ServerSSLOptions options = new ServerSSLOptions()
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(read());
        return requireNonNull(server, "server")
                .updateSSLOptions(options)
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private PemKeyCertOptions read() throws Exception {
        PemKeyCertOptions pair = new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(config.certFile())))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(config.keyFile())));
        if (!KeyPairs.fit(pair.getKeyManagerFactory(vertx))) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
        return pair;
    }

    @Override
    public void close() {
        WatchedFiles files = watched;
        if (files != null) {
            files.close();
        }
    }
}
