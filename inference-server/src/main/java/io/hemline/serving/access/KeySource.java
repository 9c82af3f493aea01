package io.hemline.serving.access;

import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
import java.util.function.Supplier;

/** Where an issuer's public keys are looked up: a JWK Set (RFC 7517) in a file or at an address. */
final class KeySource {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1_000_000;

    private KeySource() {}

    /** The place that the configuration names. */
    static Supplier<Future<JWKSet>> of(Vertx vertx, JwtConfig config) {
        return config.isFetched() ? address(vertx, config.jwks()) : file(vertx, Path.of(config.jwks()));
    }

    private static Supplier<Future<JWKSet>> file(Vertx vertx, Path file) {
        return () -> vertx.executeBlocking(() -> read(file), false);
    }

    private static JWKSet read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": more than " + MAX_BYTES + " bytes are no set of keys");
        }
        return parse(Files.readString(file));
    }

    private static Supplier<Future<JWKSet>> address(Vertx vertx, String address) {
        HttpClient client =
                vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) PATIENCE.toMillis()));
        return () -> client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(address)
                        .setTimeout(PATIENCE.toMillis())
                        .putHeader("Accept", "application/jwk-set+json, application/json"))
                .compose(request -> request.send())
                .compose(KeySource::body)
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
            return JWKSet.parse(text);
        } catch (ParseException e) {
            throw new IOException("this is no JWK Set: " + e.getMessage(), e);
        }
    }
}
