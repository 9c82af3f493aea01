package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    private static final String FORECAST = "/v1/forecasts?hashtags=wideleg,cargo";

    private TestListener listener;

    @BeforeEach
    void open() {
        listener = TestListener.open();
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void namesTheModelVersionAndTheCacheLifetime() {
        HttpResponse<String> response = listener.get(FORECAST);

        assertThat(header(response, "X-Model-Version")).isEqualTo("7");
        assertThat(header(response, "Cache-Control"))
                .isEqualTo("public, max-age=60, stale-while-revalidate=300, stale-if-error=3600");
        assertThat(header(response, "CDN-Cache-Control")).startsWith("max-age=300");
        assertThat(header(response, "Cache-Tag")).isEqualTo("model:trend,version:7,market:vn");
        assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @CsvSource({"0,hemline; fwd=miss", "1,hemline; fwd=miss", "2,hemline; hit; ttl=0"})
    void callsItAHitWhenEveryForecastWasOne(int hits, String status) {
        listener.forecaster.hit(hits);

        assertThat(header(listener.get(FORECAST), "Cache-Status")).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {FORECAST, "/v1/forecasts", "/nowhere", "/health/live"})
    void carriesTheClientsRequestIdInEveryResponse(String path) {
        assertThat(header(listener.get(path, "X-Request-Id", "a-1/~!"), "X-Request-Id"))
                .isEqualTo("a-1/~!");
    }

    @Test
    void makesARequestIdForOneThatIsMissingOrStrange() {
        assertThat(header(listener.get("/health/live"), "X-Request-Id")).matches("[0-9a-f]{32}");
        assertThat(header(listener.get("/health/live", "X-Request-Id", "a b"), "X-Request-Id"))
                .matches("[0-9a-f]{32}");
        assertThat(header(listener.get("/health/live", "X-Request-Id", "x".repeat(129)), "X-Request-Id"))
                .matches("[0-9a-f]{32}");
    }

    @Test
    void answersNotModifiedToAKnownEntityTag() {
        String tag = header(listener.get(FORECAST), "ETag");

        for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            HttpResponse<String> response = listener.get(FORECAST, "If-None-Match", known);
            assertThat(response.statusCode()).isEqualTo(304);
            assertThat(response.body()).isEmpty();
            assertThat(header(response, "ETag")).isEqualTo(tag);
            assertThat(header(response, "Cache-Control")).startsWith("public");
        }
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(listener.get(FORECAST, "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {FORECAST, "/predict?hashtags=a", "/v1/trends", "/openapi.json", "/", "/docs", "/health/live"})
    void answersHeadAsGetWithoutTheBody(String path) {
        HttpResponse<String> got = listener.get(path);
        HttpResponse<String> head = listener.send("HEAD", path, BodyPublishers.noBody());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).isEqualTo(got.headers().firstValue("ETag"));
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(got.headers().firstValue("Content-Length"));
    }

    @Test
    void compressesForClientsThatAcceptGzip() throws IOException {
        HttpResponse<byte[]> response = listener.exchange(
                "GET",
                FORECAST,
                BodyPublishers.noBody(),
                HttpResponse.BodyHandlers.ofByteArray(),
                "Accept-Encoding",
                "gzip");

        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(listener.get(FORECAST).body());
        }
        assertThat(response.headers().firstValue("ETag"))
                .isEqualTo(listener.get(FORECAST).headers().firstValue("ETag"));
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /v1/forecasts,  'GET, HEAD, POST, OPTIONS'",
        "PUT,    /predict,       'GET, HEAD, POST, OPTIONS'",
        "POST,   /v1/trends,     'GET, HEAD, OPTIONS'",
        "BREW,   /health/ready,  'GET, HEAD, OPTIONS'",
        "PATCH,  /,              'GET, HEAD, OPTIONS'",
    })
    void namesTheMethodsThatAPathAllows(String method, String path, String allow) {
        HttpResponse<String> response = listener.send(method, path, BodyPublishers.noBody());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo(allow);
        assertThat(response.body()).contains(method).contains(allow);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void answersOptionsWithTheMethods() {
        HttpResponse<String> response = listener.send("OPTIONS", "/predict", BodyPublishers.noBody());

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/v1", "/v1/forecast", "/assets/nothing.js", "/v1/%zz", "/%2e%2e/x"})
    void refusesUnknownPaths(String path) throws IOException {
        String answer = listener.raw(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).containsPattern("^HTTP/1.1 40[04] ").contains("application/problem+json");
    }

    @Test
    void refusesWhatIsNoHttp() throws IOException {
        String answer = listener.raw("GARBAGE\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).containsPattern("^HTTP/1.[01] 400 ").contains("application/problem+json");
    }

    @Test
    void refusesALineOrHeadersWithoutEnd() throws IOException {
        String line = "GET /predict?hashtags=" + "a".repeat(70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
        String headers = "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n";

        assertThat(listener.raw(line.getBytes(StandardCharsets.US_ASCII))).containsPattern("^HTTP/1.[01] 414 ");
        assertThat(listener.raw(headers.getBytes(StandardCharsets.US_ASCII))).containsPattern("^HTTP/1.[01] 431 ");
    }

    @Test
    void timesRequestsByRouteMethodAndStatus() {
        listener.get(FORECAST);
        listener.get("/nowhere");
        listener.close();

        assertThat(listener.meters
                        .get("http.request.duration")
                        .tags("route", "/v1/forecasts", "method", "GET", "status", "200")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(listener.meters
                        .get("http.request.duration")
                        .tags("route", "other", "method", "GET", "status", "404")
                        .timer()
                        .count())
                .isEqualTo(1);
        listener = TestListener.open();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no " + name));
    }
}
