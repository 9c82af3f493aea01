package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorsTest {

    private static final String SHOP = "https://shop.example";

    @Test
    void letsNoOtherOriginInByDefault() {
        try (TestListener listener = TestListener.open()) {
            HttpResponse<String> response = listener.get("/health/live", "Origin", SHOP);

            assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
        }
    }

    @Test
    void letsANamedOriginInAndVariesByIt() {
        try (TestListener listener = TestListener.open(allowing(SHOP))) {
            HttpResponse<String> named = listener.get("/predict?hashtags=a", "Origin", SHOP);
            HttpResponse<String> other = listener.get("/predict?hashtags=a", "Origin", "https://evil.example");

            assertThat(named.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue(SHOP);
            assertThat(named.headers().allValues("Vary")).contains("Origin", "Accept-Encoding");
            assertThat(other.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(other.headers().allValues("Vary")).contains("Origin");
        }
    }

    @Test
    void answersAPreflight() {
        try (TestListener listener = TestListener.open(allowing("*"))) {
            HttpResponse<String> response = listener.send(
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
        return changed(TestListener.defaults(), Map.of("corsOrigins", origins));
    }
}
