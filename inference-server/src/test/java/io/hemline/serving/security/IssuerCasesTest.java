package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import io.hemline.serving.security.AccessDenied.Reason;
import io.hemline.serving.security.AuthConfig.JwtConfig;
import io.hemline.serving.security.testing.Issuer;
import io.hemline.serving.security.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Outage, rotation and concurrency: the cases of {@code model-store/fixtures/issuer.json}, which the edge passes too.
 */
class IssuerCasesTest {

    private static final Path CASES = Path.of("../model-store/fixtures/issuer.json");
    private static final Map<String, Issuer> ISSUERS = new HashMap<>();
    private static final Map<String, String> TOKENS = new HashMap<>();

    private final SteppedClock clock = new SteppedClock(Issuer.NOW);
    private final Queue<Promise<JWKSet>> inFlight = new ArrayDeque<>();
    private Future<JWKSet> published = Future.failedFuture("no set yet");
    private int lookUps;

    private final IssuerKeys keys = new IssuerKeys(this::lookUp, clock::nanos, new SimpleMeterRegistry());
    private final TokenVerifier verifier =
            new TokenVerifier(new JwtConfig("keys.json", Issuer.NAME, Issuer.AUDIENCE, Duration.ofSeconds(30)), clock);
    private final BearerTokens tokens = new BearerTokens(keys, verifier, clock, IssuerCasesTest::call);

    static Stream<Named<JsonObject>> cases() throws IOException {
        return new JsonArray(Files.readString(CASES))
                .stream().map(JsonObject.class::cast).map(example -> Named.of(example.getString("why"), example));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void holds(JsonObject example) {
        for (Object each : example.getJsonArray("steps")) {
            JsonObject step = (JsonObject) each;
            clock.at(Duration.ofSeconds(step.getLong("at")));
            if (step.containsKey("publishes")) {
                published = published(step.getJsonArray("publishes"));
            }

            List<Future<Client>> requests = step.getJsonArray("asks").stream()
                    .map(name -> authenticate(token((String) name)))
                    .toList();
            while (!inFlight.isEmpty()) {
                Promise<JWKSet> lookUp = inFlight.remove();
                published.onComplete(lookUp);
            }

            assertThat(requests.stream().map(IssuerCasesTest::answer).toList())
                    .as("%s, at %s s", example.getString("why"), step.getLong("at"))
                    .isEqualTo(step.getJsonArray("answers").getList());
            assertThat(lookUps).as("look-ups at %s s", step.getLong("at")).isEqualTo(step.getInteger("lookUps"));
        }
    }

    private Future<Client> authenticate(String token) {
        Client cached = tokens.cached(token);
        return cached == null ? tokens.verify(token) : Future.succeededFuture(cached);
    }

    private static String answer(Future<Client> request) {
        assertThat(request.isComplete()).isTrue();
        if (request.succeeded()) {
            return "accepted";
        }
        return ((AccessDenied) request.cause()).reason() == Reason.UNAVAILABLE ? "unavailable" : "refused";
    }

    private Future<JWKSet> lookUp() {
        lookUps++;
        Promise<JWKSet> lookUp = Promise.promise();
        inFlight.add(lookUp);
        return lookUp.future();
    }

    private static Future<JWKSet> published(JsonArray names) {
        return names == null
                ? Future.failedFuture("the issuer is unreachable")
                : Future.succeededFuture(new JWKSet(names.stream()
                        .map(name -> issuer((String) name).ec.toPublicJWK())
                        .toList()));
    }

    private static Issuer issuer(String name) {
        return ISSUERS.computeIfAbsent(name, Issuer::new);
    }

    /** The token of a name such as {@code a1}, signed by the key {@code a}; the same one for every call. */
    private static String token(String name) {
        return TOKENS.computeIfAbsent(
                name,
                absent -> issuer(name.substring(0, 1))
                        .es256(Issuer.claims("shop", "forecast:read", Issuer.NOW)
                                .jwtID(name)
                                .expirationTime(Date.from(Issuer.NOW.plus(Duration.ofDays(2))))
                                .build()));
    }

    private static Future<Client> call(Callable<Client> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
