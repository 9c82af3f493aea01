package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.config.ConfigLayer;
import io.hemline.serving.config.ConfigReader;
import io.hemline.serving.config.Settings.ConfigException;
import io.hemline.serving.oip.grpc.testing.RawCaller;
import io.hemline.serving.oip.grpc.wire.ModelMetadataRequest;
import io.hemline.serving.oip.grpc.wire.ServerReadyRequest;
import io.hemline.serving.security.ApiKey;
import io.hemline.serving.security.AuthConfig;
import io.hemline.serving.security.AuthConfig.JwtConfig;
import io.hemline.serving.security.Client.Scope;
import io.hemline.serving.security.testing.Issuer;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authentication and authorization of all listeners of a whole server, by API keys and by tokens. */
class AccessTest {

    private static final String QUESTION = "/predict?hashtags=wideleg&market=vn";
    private static final int UNAUTHENTICATED = 16;
    private static final int PERMISSION_DENIED = 7;

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ApiKey reader = ApiKey.generate(new SecureRandom());
    private final ApiKey operator = ApiKey.generate(new SecureRandom());

    @Test
    void everyListenerRequiresAKeyAndItsScope() throws Exception {
        writeKeys(reader.line("shop", Set.of(Scope.FORECAST_READ)), operator.line("ops", Set.of(Scope.MODEL_WRITE)));

        try (TestServer testServer = start(byKeys())) {
            int port = testServer.server().port();
            int admin = testServer.server().adminPort();

            assertThat(get(port, QUESTION)).isEqualTo(401);
            assertThat(get(port, QUESTION, "X-API-Key", reader.reveal())).isEqualTo(200);
            assertThat(get(port, QUESTION, "Authorization", "Bearer " + reader.reveal()))
                    .isEqualTo(200);
            assertThat(get(port, QUESTION, "X-API-Key", operator.reveal())).isEqualTo(403);
            assertThat(get(port, QUESTION)).isEqualTo(401);
            assertThat(get(port, "/v2/models/trend")).isEqualTo(401);
            assertThat(get(port, "/v2/models/trend", "X-API-Key", reader.reveal()))
                    .isEqualTo(200);
            assertThat(get(port, "/health/ready")).isEqualTo(200);
            assertThat(get(port, "/v2/health/ready")).isEqualTo(200);

            assertThat(get(admin, "/metrics")).isEqualTo(200);
            assertThat(get(admin, "/models")).isEqualTo(401);
            assertThat(get(admin, "/models", "X-API-Key", reader.reveal())).isEqualTo(200);
            assertThat(promote(admin)).isEqualTo(401);
            assertThat(promote(admin, "X-API-Key", reader.reveal())).isEqualTo(403);
            assertThat(promote(admin, "X-API-Key", operator.reveal())).isEqualTo(200);

            try (RawCaller caller = new RawCaller(testServer.server().grpcPort())) {
                assertThat(model(caller).status()).isEqualTo(UNAUTHENTICATED);
                assertThat(model(caller, "x-api-key", "hk_wrong").message()).isEqualTo("The API key is not known.");
                assertThat(model(caller, "x-api-key", operator.reveal()).status())
                        .isEqualTo(PERMISSION_DENIED);
                assertThat(model(caller, "x-api-key", reader.reveal()).status()).isZero();
                assertThat(caller.call("ServerReady", RawCaller.frame(ServerReadyRequest.getDefaultInstance()))
                                .status())
                        .isZero();
            }
        }
    }

    @Test
    void reloadsItsKeyFileAndKeepsTheOldKeysOnAnInvalidOne() throws Exception {
        writeKeys(reader.line("shop", Set.of(Scope.FORECAST_READ)));

        try (TestServer testServer = start(byKeys())) {
            int port = testServer.server().port();
            ApiKey next = ApiKey.generate(new SecureRandom());

            writeKeys("this is no key");
            TestServer.until(
                    "the invalid file was counted",
                    () -> testServer
                            .admin("/metrics")
                            .body()
                            .contains("access_reload_total{outcome=\"failed\",what=\"api-keys\"} 1.0"));
            assertThat(get(port, QUESTION, "X-API-Key", reader.reveal())).isEqualTo(200);

            writeKeys(next.line("shop", Set.of(Scope.FORECAST_READ)));
            TestServer.until("the new key is accepted", () -> get(port, QUESTION, "X-API-Key", next.reveal()) == 200);
            assertThat(get(port, QUESTION, "X-API-Key", reader.reveal())).isEqualTo(401);
        }
    }

    @Test
    void reloadsItsJwksFileAndRejectsTokensOfRemovedKeys() throws Exception {
        Issuer old = new Issuer("old");
        Issuer next = new Issuer("next");
        Path file =
                Files.writeString(folder.resolve("jwks.json"), old.publicKeys().toString());
        JwtConfig jwt = new JwtConfig(file.toString(), Issuer.NAME, Issuer.AUDIENCE, Duration.ofSeconds(30));

        try (TestServer testServer = start(new AuthConfig(AuthConfig.Mode.JWT, false, Path.of(""), jwt))) {
            int port = testServer.server().port();
            String byOld = "Bearer "
                    + old.es256(Issuer.claims("shop", "forecast:read", Instant.now())
                            .build());
            String byNext = "Bearer "
                    + next.es256(Issuer.claims("shop", "forecast:read", Instant.now())
                            .build());
            assertThat(get(port, QUESTION, "Authorization", byOld)).isEqualTo(200);
            assertThat(get(port, QUESTION, "Authorization", byOld)).isEqualTo(200);

            Files.writeString(file, next.publicKeys().toString());

            TestServer.until("the old token is rejected", () -> get(port, QUESTION, "Authorization", byOld) == 401);
            assertThat(get(port, QUESTION, "Authorization", byNext)).isEqualTo(200);
        }
    }

    @Test
    void acceptsTokensOfItsIssuer() throws Exception {
        Issuer issuer = new Issuer("a");
        AtomicReference<String> published =
                new AtomicReference<>(issuer.publicKeys().toString());
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer jwks = RawCaller.await(vertx.createHttpServer()
                    .requestHandler(request -> request.response().end(published.get()))
                    .listen(0, "127.0.0.1"));
            JwtConfig jwt = new JwtConfig(
                    "http://127.0.0.1:" + jwks.actualPort() + "/keys",
                    Issuer.NAME,
                    Issuer.AUDIENCE,
                    Duration.ofSeconds(30));
            try (TestServer testServer = start(new AuthConfig(AuthConfig.Mode.JWT, false, Path.of(""), jwt))) {
                int port = testServer.server().port();
                String good = issuer.es256(
                        Issuer.claims("shop", "forecast:read", Instant.now()).build());
                String other = issuer.rs256(Issuer.claims("shop", "forecast:read", Instant.now())
                        .audience("other")
                        .build());

                assertThat(get(port, QUESTION)).isEqualTo(401);
                assertThat(get(port, QUESTION, "Authorization", "Bearer " + good))
                        .isEqualTo(200);
                assertThat(get(port, QUESTION, "Authorization", "Bearer " + good))
                        .isEqualTo(200);
                assertThat(get(port, QUESTION, "Authorization", "Bearer " + other))
                        .isEqualTo(401);
                assertThat(promote(testServer.server().adminPort(), "Authorization", "Bearer " + good))
                        .isEqualTo(403);
                try (RawCaller caller = new RawCaller(testServer.server().grpcPort())) {
                    assertThat(model(caller, "authorization", "Bearer " + good).status())
                            .isZero();
                }
            }
        } finally {
            RawCaller.await(vertx.close());
        }
    }

    @Test
    void doesNotStartWithAnInvalidKeyFile() throws Exception {
        writeKeys("shop forecast:read hk_secretsecret");

        assertThatThrownBy(() -> start(byKeys()).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("auth.api-keys-file")
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("secretsecret");
    }

    @Test
    void requiresAuthenticationOnTheNetwork() {
        var layer = new ConfigLayer("--set", Map.of("http.host", "0.0.0.0"));

        assertThatThrownBy(() -> ConfigReader.read(ServerConfig.defaults(), List.of(layer)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("http.host=0.0.0.0 is reached from other machines")
                .hasMessageContaining("auth.api-keys-file=FILE");
    }

    private AuthConfig byKeys() {
        return new AuthConfig(AuthConfig.Mode.API_KEY, false, folder.resolve("keys"), JwtConfig.defaults());
    }

    private TestServer start(AuthConfig auth) throws IOException, StartException {
        Path store = folder.resolve("store");
        if (!Files.exists(store)) {
            TestServer.copy(Path.of("../model-store/fixtures/store/good"), store);
        }
        return TestServer.with(folder, changed(TestServer.config(folder), Map.of("auth", auth)));
    }

    private void writeKeys(String... lines) throws IOException {
        Path next = Files.writeString(folder.resolve("keys.next"), String.join("\n", lines) + "\n");
        Files.move(next, folder.resolve("keys"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static RawCaller.Reply model(RawCaller caller, String... headers) {
        ModelMetadataRequest request =
                ModelMetadataRequest.newBuilder().setName("trend").build();
        return caller.call("ModelMetadata", RawCaller.frame(request), headers);
    }

    private int promote(int port, String... headers) {
        return send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/models/trend/promote"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"version\": \"1\", \"channel\": \"stable\"}")),
                headers);
    }

    private int get(int port, String path, String... headers) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)), headers);
    }

    private int send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> answer =
                    client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
