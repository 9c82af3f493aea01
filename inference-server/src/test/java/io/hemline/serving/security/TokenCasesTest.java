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

/** What a token's header and times may be, by the table that the edge is tested on too: {@code fixtures/tokens.json}. */
class TokenCasesTest {

    private static final JsonObject TABLE = table();
    private static final ECKey KEY = key();

    private final SteppedClock clock = new SteppedClock(Instant.ofEpochSecond(TABLE.getLong("now")));
    private final JwtConfig config =
            new JwtConfig("keys.json", TABLE.getString("issuer"), TABLE.getString("audience"), Duration.ofSeconds(30));
    private final IssuerKeys keys = new IssuerKeys(
            () -> Future.succeededFuture(new JWKSet(KEY.toPublicJWK())), clock::nanos, new SimpleMeterRegistry());
    private final BearerTokens tokens = new BearerTokens(keys, new Claims(config, clock), clock, TokenCasesTest::now);

    static Stream<Named<JsonObject>> cases() {
        return TABLE.getJsonArray("tokens").stream()
                .map(JsonObject.class::cast)
                .map(told -> Named.of(told.getString("why"), told));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(JsonObject told) throws JOSEException {
        String token = signed(told.getString("header"), told.getString("claims"));

        Future<Client> asked = tokens.check(token);

        if (told.getBoolean("accepted")) {
            assertThat(asked.cause()).isNull();
            assertThat(asked.result().id()).isEqualTo("shop");
        } else {
            assertThat(asked.cause())
                    .isInstanceOfSatisfying(
                            AccessDenied.class,
                            denied -> assertThat(denied.reason()).isEqualTo(Reason.UNKNOWN));
        }
    }

    /** Signed as it stands, whatever its header says. */
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

    private static Future<Client> now(Callable<Client> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
