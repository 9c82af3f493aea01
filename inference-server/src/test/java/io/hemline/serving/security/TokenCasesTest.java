package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.hemline.serving.security.AccessDenied.Reason;
import io.hemline.serving.security.AuthConfig.JwtConfig;
import io.hemline.serving.security.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers and claims of tokens: the cases of {@code model-store/fixtures/tokens.json}, which the edge passes too. */
class TokenCasesTest {

    private static final JsonObject TABLE = table();
    private static final ECKey KEY = key();

    private final SteppedClock clock = new SteppedClock(Instant.ofEpochSecond(TABLE.getLong("now")));
    private final JwtConfig config =
            new JwtConfig("keys.json", TABLE.getString("issuer"), TABLE.getString("audience"), Duration.ofSeconds(30));
    private final IssuerKeys keys = new IssuerKeys(
            () -> Future.succeededFuture(new JWKSet(KEY.toPublicJWK())), clock::nanos, new SimpleMeterRegistry());
    private final BearerTokens tokens =
            new BearerTokens(keys, new TokenVerifier(config, clock), clock, TokenCasesTest::call);

    static Stream<Named<JsonObject>> cases() {
        return TABLE.getJsonArray("tokens").stream()
                .map(JsonObject.class::cast)
                .map(example -> Named.of(example.getString("why"), example));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void acceptsOrRejects(JsonObject example) throws JOSEException {
        String token = signed(example.getString("header"), example.getString("claims"));

        Future<Client> client = tokens.verify(token);

        if (example.getBoolean("accepted")) {
            assertThat(client.cause()).isNull();
            assertThat(client.result().id()).isEqualTo("shop");
        } else {
            assertThat(client.cause())
                    .isInstanceOfSatisfying(
                            AccessDenied.class,
                            denied -> assertThat(denied.reason()).isEqualTo(Reason.UNAUTHENTICATED));
        }
    }

    /** Signs the texts by ES256, whatever algorithm the header names. */
    private static String signed(String header, String claims) throws JOSEException {
        String text = Base64URL.encode(header) + "." + Base64URL.encode(claims);
        JWSHeader real = new JWSHeader(JWSAlgorithm.ES256);
        return text + "." + new ECDSASigner(KEY).sign(real, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonObject table() {
        try {
            return new JsonObject(Files.readString(Path.of("../model-store/fixtures/tokens.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Future<Client> call(Callable<Client> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
