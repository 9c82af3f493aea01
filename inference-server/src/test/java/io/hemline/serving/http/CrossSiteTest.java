package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.security.ApiKey;
import io.hemline.serving.security.Authentication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a foreign web page makes a browser send to a server without authentication. */
class CrossSiteTest {

    private static final String GET = "GET /predict?hashtags=a";
    private static final String SHOP = "https://shop.example";

    @Test
    void answersNothingUnderAForeignHostNotEvenCachedResponses() throws IOException {
        try (TestListener listener = TestListener.open(usual())) {
            listener.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));
            listener.get("/predict?hashtags=a");
            listener.get("/predict?hashtags=a");

            String hit = ask(listener, GET, "Host: localhost");
            String foreign = ask(listener, GET, "Host: evil.example");
            String onTheSameConnection = raw(
                    listener,
                    GET + " HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET
                            + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");

            assertThat(hit).startsWith("HTTP/1.1 200 ").contains("hemline; hit");
            assertThat(foreign)
                    .startsWith("HTTP/1.1 421 ")
                    .contains("application/problem+json", "http.allowed-hosts", "urn:hemline:problem:misdirected");
            assertThat(onTheSameConnection).contains("HTTP/1.1 200 OK", "HTTP/1.1 421 Misdirected Request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "HEAD /", "OPTIONS /predict", "GET /nowhere", "GET /health/live", "POST /predict"})
    void refusesEveryRequestUnderAForeignName(String request) throws IOException {
        try (TestListener listener = TestListener.open(usual())) {
            assertThat(ask(listener, request, "Host: evil.example")).startsWith("HTTP/1.1 421 ");
            assertThat(ask(listener, request, "Host: 127.0.0.1:" + listener.port()))
                    .doesNotStartWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void answersUnderAConfiguredHost() throws IOException {
        try (TestListener listener = TestListener.open(changed(usual(), Map.of("allowedHosts", "api.example")))) {
            assertThat(ask(listener, GET, "Host: API.example:443")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(listener, GET, "Host: localhost")).startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void takesAnyHostWhereClientsAuthenticate() throws IOException {
        ApiKey key = ApiKey.generate(new SecureRandom());
        try (TestListener listener = TestListener.with(Authentication.ofKey(key))) {
            String keyed = ask(listener, GET, "Host: api.example", "X-API-Key: " + key.reveal());
            String posted =
                    post(listener, "Host: api.example", "X-API-Key: " + key.reveal(), "Origin: http://evil.example");

            assertThat(keyed).startsWith("HTTP/1.1 200 ");
            assertThat(posted).startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://localhost:3000",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: cross-site\r\nOrigin: https://localhost",
            })
    void computesNothingForAPageOfAnotherOrigin(String headers) throws IOException {
        try (TestListener listener = TestListener.open(usual())) {
            AtomicInteger asked = new AtomicInteger();
            listener.forecaster.answerInstead(request -> {
                asked.incrementAndGet();
                return listener.forecaster.answer(request);
            });

            assertThat(post(listener, "Host: localhost", headers))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("application/problem+json", "http.cors-origins");
            assertThat(ask(listener, GET, "Host: localhost", headers)).startsWith("HTTP/1.1 200 ");
            assertThat(asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Origin: http://localhost",
                "Origin: https://localhost",
                "Sec-Fetch-Site: same-origin\r\nOrigin: https://before-the-proxy.example",
                "Sec-Fetch-Site: none",
                "Sec-Fetch-Site: cross-site\r\nOrigin: " + SHOP,
            })
    void computesForItsOwnPagesAndThoseThatAreNamed(String headers) throws IOException {
        try (TestListener listener = TestListener.open(changed(usual(), Map.of("corsOrigins", SHOP)))) {
            assertThat(post(listener, "Host: localhost", headers)).startsWith("HTTP/1.1 200 ");
        }
    }

    private static HttpConfig usual() {
        return changed(HttpConfig.defaults(), Map.of("port", 0));
    }

    private static String ask(TestListener listener, String request, String... headers) throws IOException {
        return raw(
                listener, request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
    }

    private static String post(TestListener listener, String... headers) throws IOException {
        String body = "{\"hashtags\":[\"a\"]}";
        return raw(
                listener,
                "POST /predict HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String raw(TestListener listener, String request) throws IOException {
        return listener.raw(request.getBytes(StandardCharsets.US_ASCII));
    }
}
