package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.OpenDoor;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorsTest {

    private static final String SHOP = "https://shop.example";

    @Test
    void letsNoOtherOriginInByDefault() {
        try (OpenDoor door = OpenDoor.open()) {
            HttpResponse<String> response = door.get("/health/live", "Origin", SHOP);

            assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
        }
    }

    @Test
    void letsANamedOriginInAndVariesByIt() {
        try (OpenDoor door = OpenDoor.open(allowing(SHOP))) {
            HttpResponse<String> named = door.get("/predict?hashtags=a", "Origin", SHOP);
            HttpResponse<String> other = door.get("/predict?hashtags=a", "Origin", "https://evil.example");

            assertThat(named.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue(SHOP);
            assertThat(named.headers().allValues("Vary")).contains("Origin", "Accept-Encoding");
            assertThat(other.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(other.headers().allValues("Vary")).contains("Origin");
        }
    }

    @Test
    void answersAPreflight() {
        try (OpenDoor door = OpenDoor.open(allowing("*"))) {
            HttpResponse<String> response = door.send(
                    "OPTIONS",
                    "/v1/forecasts",
                    BodyPublishers.noBody(),
                    "Origin",
                    SHOP,
                    "Access-Control-Request-Method",
                    "POST");

            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("*");
            assertThat(response.headers().firstValue("Access-Control-Allow-Methods"))
                    .hasValue("GET, HEAD, POST");
            assertThat(response.headers().firstValue("Access-Control-Allow-Headers"))
                    .hasValueSatisfying(headers -> assertThat(headers).contains("X-API-Key", "Content-Type"));
        }
    }

    private static HttpConfig allowing(String origins) {
        return changed(OpenDoor.defaults(), Map.of("corsOrigins", origins));
    }
}
