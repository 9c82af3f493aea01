package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.OpenDoor;
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

/** What a page of another site may make a browser ask a server that asks nobody who they are. */
class CrossSiteTest {

    private static final String GET = "GET /predict?hashtags=a";
    private static final String SHOP = "https://shop.example";

    @Test
    void answersNothingUnderAForeignNameNotEvenWhatItRemembers() throws IOException {
        try (OpenDoor door = OpenDoor.open(usual())) {
            door.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));
            door.get("/predict?hashtags=a");
            door.get("/predict?hashtags=a");

            String hit = ask(door, GET, "Host: localhost");
            String foreign = ask(door, GET, "Host: evil.example");
            String onTheSameConnection = raw(
                    door,
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
        try (OpenDoor door = OpenDoor.open(usual())) {
            assertThat(ask(door, request, "Host: evil.example")).startsWith("HTTP/1.1 421 ");
            assertThat(ask(door, request, "Host: 127.0.0.1:" + door.port())).doesNotStartWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void answersUnderANameThatItWasTold() throws IOException {
        try (OpenDoor door = OpenDoor.open(changed(usual(), Map.of("allowedHosts", "api.example")))) {
            assertThat(ask(door, GET, "Host: API.example:443")).startsWith("HTTP/1.1 200 ");
            assertThat(ask(door, GET, "Host: localhost")).startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void takesAnyNameWhereClientsSayWhoTheyAre() throws IOException {
        ApiKey key = ApiKey.generate(new SecureRandom());
        try (OpenDoor door = OpenDoor.behind(Authentication.ofKey(key))) {
            String keyed = ask(door, GET, "Host: api.example", "X-API-Key: " + key.reveal());
            String posted =
                    post(door, "Host: api.example", "X-API-Key: " + key.reveal(), "Origin: http://evil.example");

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
        try (OpenDoor door = OpenDoor.open(usual())) {
            AtomicInteger asked = new AtomicInteger();
            door.forecaster.answerInstead(request -> {
                asked.incrementAndGet();
                return door.forecaster.answer(request);
            });

            assertThat(post(door, "Host: localhost", headers))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("application/problem+json", "http.cors-origins");
            assertThat(ask(door, GET, "Host: localhost", headers)).startsWith("HTTP/1.1 200 ");
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
        try (OpenDoor door = OpenDoor.open(changed(usual(), Map.of("corsOrigins", SHOP)))) {
            assertThat(post(door, "Host: localhost", headers)).startsWith("HTTP/1.1 200 ");
        }
    }

    private static HttpConfig usual() {
        return changed(HttpConfig.defaults(), Map.of("port", 0));
    }

    private static String ask(OpenDoor door, String request, String... headers) throws IOException {
        return raw(door, request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
    }

    private static String post(OpenDoor door, String... headers) throws IOException {
        String body = "{\"hashtags\":[\"a\"]}";
        return raw(
                door,
                "POST /predict HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String raw(OpenDoor door, String request) throws IOException {
        return door.raw(request.getBytes(StandardCharsets.US_ASCII));
    }
}
