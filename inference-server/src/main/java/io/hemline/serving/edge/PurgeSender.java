package io.hemline.serving.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.hemline.serving.edge.Purger.Purge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts purges. Each attempt is signed anew, with the current time and the current secret.
 *
 * <p>Thread-safe: the HTTP client is.
 */
final class PurgeSender implements AutoCloseable {

    private final HttpClient client;
    private final RequestOptions request;
    private final Supplier<Future<Signature>> signature;
    private final Duration timeout;
    private final Clock clock;

    /**
     * Posts to a URL.
     *
     * @param signature reads the current secret; the purge fails if that does
     */
    PurgeSender(Vertx vertx, URI url, Supplier<Future<Signature>> signature, Duration timeout, Clock clock) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) timeout.toMillis())
                        .setKeepAlive(false),
                new PoolOptions().setHttp1MaxSize(1));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url.toString())
                .putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "hemline");
        this.signature = requireNonNull(signature, "signature");
        this.timeout = requireNonNull(timeout, "timeout");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Completes with the status of the response. */
    Future<Integer> send(Purge purge) {
        String body = purge.json();
        return signature
                .get()
                .compose(signer -> client.request(new RequestOptions(request)
                        .setTimeout(timeout.toMillis())
                        .putHeader(
                                "X-Hemline-Signature",
                                signer.header(clock.instant().getEpochSecond(), body))))
                .compose(opened -> status(opened, body));
    }

    private Future<Integer> status(HttpClientRequest opened, String body) {
        return opened.send(body)
                .compose(response -> response.end().map(response.statusCode()))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> opened.reset());
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Signs purges by HMAC-SHA256 of {@code <Unix seconds>.<body>}.
     *
     * <p>Immutable; has no {@code toString} that could print the secret.
     */
    static final class Signature {

        private static final String HMAC = "HmacSHA256";

        private final SecretKeySpec secret;

        Signature(String secret) {
            this.secret = new SecretKeySpec(secret.getBytes(UTF_8), HMAC);
        }

        /** Reads the secret and strips the white space around it. */
        static Signature read(Path file) {
            try {
                String secret = Files.readString(file).strip();
                if (secret.isEmpty()) {
                    throw new IOException("the file is empty");
                }
                return new Signature(secret);
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
                byte[] hash = mac.doFinal((unixSeconds + "." + body).getBytes(UTF_8));
                return "t=" + unixSeconds + ",v1=" + HexFormat.of().formatHex(hash);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has " + HMAC, e);
            }
        }
    }
}
