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
import java.io.UncheckedIOException;
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

/** Reads an issuer's JWK set (RFC 7517) from a file or a URL, without blocking the event loop. */
final class JwkSetSource {

    private static final Logger log = LoggerFactory.getLogger(JwkSetSource.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1_000_000;

    private JwkSetSource() {}

    /** The configured source. */
    static Supplier<Future<JWKSet>> of(Vertx vertx, AuthConfig.JwtConfig config) {
        return config.isFetched() ? url(vertx, config.jwks(), TIMEOUT) : file(vertx, Path.of(config.jwks()));
    }

    private static Supplier<Future<JWKSet>> file(Vertx vertx, Path file) {
        WorkerExecutor workers = FileWatcher.workers(vertx);
        return () -> workers.executeBlocking(() -> read(file), false);
    }

    private static JWKSet read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": more than " + MAX_BYTES + " bytes");
        }
        return parse(Files.readString(file));
    }

    /** The timeout bounds the whole look-up, also of an issuer that stalls in the middle of its response. */
    static Supplier<Future<JWKSet>> url(Vertx vertx, String url, Duration timeout) {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) timeout.toMillis()));
        return () -> client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(url)
                        .setTimeout(timeout.toMillis())
                        .putHeader("Accept", "application/jwk-set+json, application/json"))
                .compose(request -> request.send()
                        .compose(JwkSetSource::body)
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(failure -> request.reset()))
                .map(body -> parseUnchecked(body.toString(StandardCharsets.UTF_8)));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture(new IOException("the issuer answered with status " + response.statusCode()));
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

    private static JWKSet parseUnchecked(String text) {
        try {
            return parse(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JWKSet parse(String text) throws IOException {
        try {
            List<Object> keys = JSONObjectUtils.getJSONArray(JSONObjectUtils.parse(text), "keys");
            if (keys == null) {
                throw new IOException("not a JWK set: it has no member keys");
            }
            return new JWKSet(keys.stream()
                    .map(JwkSetSource::parseKey)
                    .flatMap(Optional::stream)
                    .toList());
        } catch (ParseException e) {
            throw new IOException("not a JWK set: " + e.getMessage(), e);
        }
    }

    /**
     * Empty for a key of an unknown or invalid form, which RFC 7517 (5) has ignored; Nimbus' JWKSet rejects the whole
     * set.
     */
    private static Optional<JWK> parseKey(@Nullable Object element) {
        try {
            return element instanceof Map<?, ?> members ? Optional.of(JWK.parse(asJson(members))) : Optional.empty();
        } catch (ParseException | IllegalArgumentException e) {
            log.warn("a key of the issuer is ignored: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked") // member names of a JSON object are strings
    private static Map<String, Object> asJson(Map<?, ?> object) {
        return (Map<String, Object>) object;
    }
}
