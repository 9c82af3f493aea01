package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.security.AccessDenied;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.security.Client;
import io.hemline.serving.security.Client.Scope;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An authenticator that knows one client at once and one after a while. */
class AdmissionTest {

    private static final String WHO = "X-Test-Client";
    private static final String QUESTION = "/predict?hashtags=wideleg&market=vn";

    private final Promise<Client> slow = Promise.promise();
    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private final TestListener listener = TestListener.with(new TestGate());

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {QUESTION, "/v1/trends", "/v1/forecasts?hashtags=a"})
    void refusesAnUnknownClientWithAChallenge(String path) {
        HttpResponse<String> refused = listener.get(path);

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"test\"");
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(refused.body()).contains("urn:hemline:problem:unauthenticated");
    }

    @Test
    void refusesAClientWithoutTheScopeAndNamesIt() {
        HttpResponse<String> refused = listener.get(QUESTION, WHO, "operator");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer error=\"insufficient_scope\", scope=\"forecast:read\"");
        assertThat(refused.body()).contains("operator", "forecast:read");
    }

    @Test
    void refusesCachedResponsesToUnknownClients() {
        listener.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));

        assertThat(listener.get(QUESTION, WHO, "shop").statusCode()).isEqualTo(200);
        assertThat(listener.get(QUESTION, WHO, "shop").headers().firstValue("Cache-Status"))
                .get()
                .asString()
                .contains("hit");

        assertThat(listener.get(QUESTION).statusCode()).isEqualTo(401);
        assertThat(listener.get(QUESTION, WHO, "operator").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready", "/", "/docs", "/openapi.json", "/openapi.yaml"})
    void opensHealthAndPagesToEveryone(String path) {
        assertThat(listener.get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void losesNothingOfABodyThatComesBeforeItsAuthorIsKnown() throws Exception {
        String body = "{\"hashtags\":[\"" + "a".repeat(100) + "\"]" + " ".repeat(10_000) + "}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(10_000);
            send(
                    socket,
                    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n" + WHO
                            + ": slow\r\nContent-Length: " + body.length() + "\r\n\r\n");
            asked.get(10, TimeUnit.SECONDS);
            send(socket, body);
            // The one event loop has read what came before it answers twice.
            listener.get("/health/live");
            listener.get("/health/live");

            slow.complete(new Client("slow", Set.of(Scope.FORECAST_READ)));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void keepsTheConnectionOfARefusedClient() throws Exception {
        String twice = ("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                        + "\r\n{}")
                .repeat(2);

        String answers = listener.raw(twice.getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.split("HTTP/1.1 401", -1)).hasSize(3);
    }

    private final class TestGate implements Authenticator {

        @Override
        public @Nullable Client tryAuthenticate(MultiMap headers) {
            String who = headers.get(WHO);
            if ("shop".equals(who)) {
                return new Client(who, Set.of(Scope.FORECAST_READ));
            }
            return "operator".equals(who) ? new Client(who, Set.of(Scope.MODEL_WRITE)) : null;
        }

        @Override
        public Future<Client> authenticate(MultiMap headers) {
            asked.complete(String.valueOf(headers.get(WHO)));
            return "slow".equals(headers.get(WHO))
                    ? slow.future()
                    : Future.failedFuture(AccessDenied.unauthenticated("Say who you are.", "Bearer realm=\"test\""));
        }
    }
}
