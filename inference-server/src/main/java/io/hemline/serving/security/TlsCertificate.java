package io.hemline.serving.security;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.security.Authentication.InvalidKeyMaterial;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of one listener: TLS 1.2 and 1.3, HTTP/2 by ALPN. It is reloaded when its files change; a key that
 * does not match the certificate, as between the writes of the two files, leaves the old pair in force.
 *
 * <p>Thread-safe: two volatile references; all else is final.
 */
public final class TlsCertificate implements AutoCloseable {

    /** Signature algorithms by key algorithm. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    private static final long UPDATE_TIMEOUT_SECONDS = 10;

    private final TlsConfig config;
    private final Vertx vertx;
    private final String what;
    private final MeterRegistry meters;
    private volatile @Nullable FileWatcher watcher;
    private volatile @Nullable HttpServer server;

    /**
     * The configured certificate of a listener.
     *
     * @param what identifies the listener in logs and metrics
     */
    public TlsCertificate(TlsConfig config, Vertx vertx, String what, MeterRegistry meters) {
        this.config = requireNonNull(config, "config");
        this.vertx = requireNonNull(vertx, "vertx");
        this.what = requireNonNull(what, "what");
        this.meters = requireNonNull(meters, "meters");
    }

    /** Adds the certificate to the options of the listener; fails with {@link InvalidKeyMaterial}. */
    public HttpServerOptions addTo(HttpServerOptions options) {
        if (!config.isOn()) {
            return options;
        }
        List<Path> files = List.of(config.certFile(), config.keyFile());
        // Before the first read, so that a change between it and follow() is noticed.
        watcher = new FileWatcher(vertx, what + "-tls", files, this::update, meters);
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

    /** Starts to update the listener, which was created with these options, when the files change. */
    public void follow(HttpServer server) {
        this.server = server;
        FileWatcher current = watcher;
        if (current != null) {
            current.start();
        }
    }

    private Boolean update() throws Exception {
        ServerSSLOptions options = new ServerSSLOptions()
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(read());
        return requireNonNull(server, "server")
                .updateSSLOptions(options)
                .toCompletionStage()
                .toCompletableFuture()
                .get(UPDATE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private PemKeyCertOptions read() throws Exception {
        PemKeyCertOptions pair = new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(config.certFile())))
                .setKeyValue(Buffer.buffer(Files.readAllBytes(config.keyFile())));
        if (!keysMatch(pair.getKeyManagerFactory(vertx))) {
            throw new GeneralSecurityException("the key does not match the certificate");
        }
        return pair;
    }

    /**
     * Whether there is a key pair and every private key matches its certificate, which the JDK checks at no other time.
     */
    private static boolean keysMatch(KeyManagerFactory factory) throws GeneralSecurityException {
        int pairs = 0;
        for (KeyManager manager : factory.getKeyManagers()) {
            for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
                String[] aliases = ((X509KeyManager) manager).getServerAliases(signature.getKey(), null);
                for (String alias : aliases == null ? new String[0] : aliases) {
                    if (!keyMatches((X509KeyManager) manager, alias, signature.getValue())) {
                        return false;
                    }
                    pairs++;
                }
            }
        }
        return pairs > 0;
    }

    private static boolean keyMatches(X509KeyManager manager, String alias, String defaultSignature)
            throws GeneralSecurityException {
        String algorithm = manager.getPrivateKey(alias).getAlgorithm();
        Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(algorithm, defaultSignature));
        signature.initSign(manager.getPrivateKey(alias));
        signature.update(PROBE);
        byte[] signed = signature.sign();
        if (!manager.getCertificateChain(alias)[0].getPublicKey().getAlgorithm().equals(algorithm)) {
            return false;
        }
        signature.initVerify(manager.getCertificateChain(alias)[0].getPublicKey());
        signature.update(PROBE);
        return signature.verify(signed);
    }

    @Override
    public void close() {
        FileWatcher current = watcher;
        if (current != null) {
            current.close();
        }
    }

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
}
