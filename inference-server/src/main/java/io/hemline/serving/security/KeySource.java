package io.hemline.serving.security;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an issuer's public keys are looked up: a JWK Set (RFC 7517) in a file or at an address. */
final class KeySource {

    private static final Logger log = LoggerFactory.getLogger(KeySource.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1_000_000;

    private KeySource() {}

    /** The place that the configuration names. */
    static Supplier<Future<JWKSet>> of(Vertx vertx, JwtConfig config) {
        return config.isFetched() ? address(vertx, config.jwks(), PATIENCE) : file(vertx, Path.of(config.jwks()));
    }

    private static Supplier<Future<JWKSet>> file(Vertx vertx, Path file) {
        WorkerExecutor workers = WatchedFiles.workers(vertx);
        return () -> workers.executeBlocking(() -> read(file), false);
    }

    private static JWKSet read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": more than " + MAX_BYTES + " bytes are no set of keys");
        }
        return parse(Files.readString(file));
    }

    /** A look-up ends within that time, also when the issuer stops in the middle of its answer: others wait for it. */
    static Supplier<Future<JWKSet>> address(Vertx vertx, String address, Duration patience) {
        HttpClient client =
                vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) patience.toMillis()));
        return () -> client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(address)
                        .setTimeout(patience.toMillis())
                        .putHeader("Accept", "application/jwk-set+json, application/json"))
                .compose(request -> request.send()
                        .compose(KeySource::body)
                        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(late -> request.reset()))
                .map(body -> unchecked(body.toString(StandardCharsets.UTF_8)));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture(new IOException("the issuer answered " + response.statusCode()));
        }
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            body.appendBuffer(chunk);
            if (body.length() > MAX_BYTES) {
                response.request().reset();
            }
        });
        return response.end().map(body);
    }

    private static JWKSet unchecked(String text) {
        try {
            return parse(text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JWKSet parse(String text) throws IOException {
        try {
            List<Object> published = JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(text), "keys");
            if (published == null) {
                throw new IOException("this is no JWK Set: it has no keys");
            }
            return new JWKSet(published.stream()
                    .map(KeySource::key)
                    .flatMap(Optional::stream)
                    .toList());
        } catch (ParseException e) {
            throw new IOException("this is no JWK Set: " + e.getMessage(), e);
        }
    }

    /** A key; RFC 7517 (5) has those passed over that one cannot read, so that a new kind does not shut out all others. */
    private static Optional<JWK> key(@Nullable Object published) {
        try {
            return published instanceof Map<?, ?> key ? Optional.of(JWK.parse(named(key))) : Optional.empty();
        } catch (ParseException | IllegalArgumentException e) {
            log.warn("a key of the issuer is passed over: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked") // the names of an object in JSON are text
    private static Map<String, Object> named(Map<?, ?> object) {
        return (Map<String, Object>) object;
    }
}
