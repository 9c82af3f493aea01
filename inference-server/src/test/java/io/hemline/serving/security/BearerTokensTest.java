package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import io.hemline.serving.security.AccessDenied.Reason;
import io.hemline.serving.security.AuthConfig.JwtConfig;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.testing.Issuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BearerTokensTest {

    private static final Issuer ISSUER = new Issuer("one");
    private static final Issuer OTHER = new Issuer("one");
    private static final Issuer NEXT = new Issuer("two");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Instant now = Issuer.NOW;
    private long nanos = 1_000_000_000L;
    private Future<JWKSet> published = Future.succeededFuture(ISSUER.publicKeys());
    private int lookUps;
    private int verifications;
    private final IssuerKeys keys = new IssuerKeys(this::lookUp, () -> nanos, meters);
    private final JwtConfig config = new JwtConfig("keys.json", Issuer.NAME, Issuer.AUDIENCE, Duration.ofSeconds(30));
    private final BearerTokens tokens =
            new BearerTokens(keys, new TokenVerifier(config, new TestClock()), new TestClock(), this::call);

    @Test
    void acceptsBothAlgorithmsAndReadsClientAndScopes() {
        Client byRsa = verified(ISSUER.rs256(claims().build()));
        Client byEc =
                verified(ISSUER.es256(claims().claim("client_id", "shop-app").build()));

        assertThat(byRsa).isEqualTo(new Client("shop", Set.of(Scope.FORECAST_READ)));
        assertThat(byEc.id()).isEqualTo("shop-app");
        assertThat(lookUps).isEqualTo(1);
    }

    @Test
    void readsScopesOfScpAndIgnoresUnknownOnes() {
        JWTClaimsSet listed = claims().claim("scope", null)
                .claim("scp", List.of("model:write", "mail:send"))
                .build();

        assertThat(verified(ISSUER.rs256(listed)).scopes()).containsExactly(Scope.MODEL_WRITE);
        assertThat(verified(ISSUER.rs256(claims().claim("scope", null).build())).scopes())
                .isEmpty();
    }

    static Stream<Arguments> badTokens() {
        JWTClaimsSet good = claims().build();
        return Stream.of(
                arguments("not a JWT", "a.b", "no signed JWT"),
                arguments("unsigned", Issuer.unsigned(good), "no signed JWT"),
                arguments("HS256 by the public key", ISSUER.hs256ByThePublicKey(good), "RS256 or ES256"),
                arguments("RS512", Issuer.sign(JWSAlgorithm.RS512, ISSUER.rsa, good), "RS256 or ES256"),
                arguments("PS256", Issuer.sign(JWSAlgorithm.PS256, ISSUER.rsa, good), "RS256 or ES256"),
                arguments("another's RSA key", OTHER.rs256(good), "signature is wrong"),
                arguments("another's EC key", OTHER.es256(good), "signature is wrong"),
                arguments("changed", changed(ISSUER.rs256(good)), "signature is wrong"),
                arguments("key unknown", NEXT.rs256(good), "kid"),
                arguments(
                        "expired", ISSUER.rs256(claims().expirationTime(at(-31)).build()), "(exp)"),
                arguments(
                        "without exp",
                        ISSUER.rs256(claims().expirationTime(null).build()),
                        "(exp)"),
                arguments("early", ISSUER.rs256(claims().notBeforeTime(at(31)).build()), "(nbf)"),
                arguments("audience", ISSUER.rs256(claims().audience("other").build()), "(aud)"),
                arguments(
                        "no audience",
                        ISSUER.rs256(claims().audience((String) null).build()),
                        "(aud)"),
                arguments(
                        "issuer",
                        ISSUER.rs256(claims().issuer("https://evil.example").build()),
                        "(iss)"),
                arguments("no client", ISSUER.rs256(claims().subject(null).build()), "names no client"),
                arguments(
                        "id not printable",
                        ISSUER.rs256(claims().subject("a\nb").build()),
                        "sub: 1 to 128"),
                arguments(
                        "id is a number",
                        ISSUER.rs256(claims().claim("client_id", 7).build()),
                        "cannot be read"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void rejects(String description, String token, String reason) {
        AccessDenied denied = denied(token);

        assertThat(denied.reason()).isEqualTo(Reason.UNAUTHENTICATED);
        assertThat(denied).hasMessageContaining(reason);
        assertThat(denied.challenge()).contains("invalid_token");
        assertThat(tokens.cached(token)).isNull();
    }

    @Test
    void toleratesClockSkew() {
        verified(ISSUER.rs256(claims().expirationTime(at(-29)).build()));
        verified(ISSUER.rs256(claims().notBeforeTime(at(29)).build()));

        assertThat(verifications).isEqualTo(2);
    }

    @Test
    void verifiesATokenOnceUntilItExpires() {
        String token = ISSUER.rs256(claims().build());

        assertThat(tokens.cached(token)).isNull();
        Client client = verified(token);
        assertThat(tokens.cached(token)).isEqualTo(client);
        now = now.plusSeconds(600);
        assertThat(tokens.cached(token)).isNull();
        now = now.plusSeconds(31);
        assertThat(denied(token)).hasMessageContaining("expired");
    }

    @Test
    void looksUpAnUnknownKeyAtOnceAndThenAfterAnInterval() {
        verified(ISSUER.rs256(claims().build()));
        nanos += IssuerKeys.MIN_INTERVAL.toNanos();
        published = Future.succeededFuture(NEXT.publicKeys());

        verified(NEXT.rs256(claims().build()));
        assertThat(lookUps).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            denied(new Issuer("three" + i).es256(claims().build()));
        }
        assertThat(lookUps).isEqualTo(2);
        assertThat(denied(ISSUER.rs256(claims().subject("late").build()))).hasMessageContaining("kid");
    }

    @Test
    void sharesOneLookUp() {
        Promise<JWKSet> slow = Promise.promise();
        published = slow.future();

        Future<Client> first = tokens.verify(ISSUER.rs256(claims().build()));
        Future<Client> second = tokens.verify(ISSUER.es256(claims().build()));
        assertThat(first.isComplete()).isFalse();
        slow.complete(ISSUER.publicKeys());

        assertThat(first.succeeded()).isTrue();
        assertThat(second.succeeded()).isTrue();
        assertThat(lookUps).isEqualTo(1);
    }

    @Test
    void usesTheCachedKeysForADayWhileTheIssuerIsUnreachable() {
        String cached = ISSUER.rs256(claims().build());
        verified(cached);
        published = Future.failedFuture("no route");
        nanos += IssuerKeys.REFRESH_AFTER.toNanos() + 1;

        verified(ISSUER.rs256(claims().subject("another").build()));
        assertThat(meters.counter("access.reload", "what", "jwks", "outcome", "failed")
                        .count())
                .isEqualTo(1);
        assertThat(tokens.cached(cached)).isNotNull();
        nanos += IssuerKeys.MAX_AGE.toNanos();
        for (int secondsSinceTheLastLookUp = 0; secondsSinceTheLastLookUp < 5; secondsSinceTheLastLookUp++) {
            assertThat(tokens.cached(cached)).isNull();
            assertThat(denied(cached).reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(denied(ISSUER.rs256(claims().subject("third").build())).reason())
                    .isEqualTo(Reason.UNAVAILABLE);
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    @Test
    void dropsARevokedKeyAndTheTokensThatItSigned() {
        String cached = ISSUER.rs256(claims().build());
        verified(cached);
        published = Future.succeededFuture(NEXT.publicKeys());
        nanos += IssuerKeys.REFRESH_AFTER.toNanos() + 1;

        verified(ISSUER.rs256(claims().subject("first").build()));

        assertThat(tokens.cached(cached)).isNull();
        assertThat(denied(cached)).hasMessageContaining("kid");
        assertThat(denied(ISSUER.rs256(claims().subject("after").build()))).hasMessageContaining("kid");
    }

    @Test
    void boundsTheTokensUnderVerification() {
        published = Promise.<JWKSet>promise().future();
        for (int i = 0; i < 256; i++) {
            assertThat(tokens.verify(ISSUER.es256(claims().build())).isComplete())
                    .isFalse();
        }

        assertThat(denied(ISSUER.rs256(claims().build())).reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    private static JWTClaimsSet.Builder claims() {
        return Issuer.claims("shop", "forecast:read", Issuer.NOW);
    }

    private static Date at(int seconds) {
        return Date.from(Issuer.NOW.plusSeconds(seconds));
    }

    private static String changed(String token) {
        int body = token.indexOf('.') + 10;
        char other = token.charAt(body) == 'A' ? 'B' : 'A';
        return token.substring(0, body) + other + token.substring(body + 1);
    }

    private Client verified(String token) {
        Future<Client> client = tokens.verify(token);
        assertThat(client.succeeded()).as(String.valueOf(client.cause())).isTrue();
        return client.result();
    }

    private AccessDenied denied(String token) {
        return (AccessDenied) tokens.verify(token).cause();
    }

    private Future<JWKSet> lookUp() {
        lookUps++;
        return published;
    }

    private Future<Client> call(Callable<Client> work) {
        verifications++;
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    private final class TestClock extends Clock {

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
