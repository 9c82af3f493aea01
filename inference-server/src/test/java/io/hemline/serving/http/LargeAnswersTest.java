package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of hundreds of kilobytes, which workers write, hash and compress off the event loop. */
class LargeAnswersTest {

    private static final String SMALL = "/predict?hashtags=a";
    private static final String LARGE = "/v1/forecasts?include=history&hashtags="
            + IntStream.range(0, 64).mapToObj(i -> "trend" + i).collect(Collectors.joining(","));

    private TestListener listener;

    @BeforeEach
    void open() {
        listener = TestListener.open();
        listener.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void doNotHoldUpSmallOnes() throws Exception {
        CompletableFuture<HttpResponse<String>> large;
        AutoCloseable held = listener.holdWorkers();
        try {
            large = CompletableFuture.supplyAsync(() -> listener.get(LARGE));
            for (int i = 0; i < 20; i++) {
                assertThat(listener.get("/predict?hashtags=a" + i).statusCode()).isEqualTo(200);
                Thread.sleep(5);
            }
            assertThat(large).isNotDone();
        } finally {
            held.close();
        }

        assertThat(large.get().body()).hasSizeGreaterThan(2 * Representation.LARGE);
        assertThat(listener.get(LARGE).body()).isEqualTo(large.get().body());
    }

    @Test
    void areCompressedOffTheEventLoopAlsoFromTheCache() throws Exception {
        String plain = listener.get(LARGE).body();
        CompletableFuture<HttpResponse<byte[]>> packed;
        AutoCloseable held = listener.holdWorkers();
        try {
            packed = CompletableFuture.supplyAsync(this::packed);
            for (int i = 0; i < 20; i++) {
                assertThat(listener.get(SMALL).statusCode()).isEqualTo(200);
                Thread.sleep(5);
            }
            assertThat(packed).isNotDone();
            assertThat(listener.get(LARGE).headers().firstValue("Cache-Status"))
                    .hasValueSatisfying(hit -> assertThat(hit).startsWith("hemline; hit"));
        } finally {
            held.close();
        }

        assertThat(unpacked(packed.get())).isEqualTo(plain);
        assertThat(unpacked(packed())).isEqualTo(plain);
        assertThat(packed().headers().firstValue("ETag"))
                .isEqualTo(packed.get().headers().firstValue("ETag"));
    }

    @Test
    void keepTheirPlaceInAPipeline() throws IOException {
        String large = "GET " + LARGE + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: large\r\nAccept-Encoding: gzip\r\n\r\n";
        String small = "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: small\r\n\r\n";
        listener.get(SMALL);

        String answers = listener.raw((small + large + small).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers.lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("x-request-id:")))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .containsExactly("small", "large", "small");
    }

    @Test
    void areWrittenWhereTheProtocolAndThePagesGiveThem() throws Exception {
        CompletableFuture<HttpResponse<String>> asset;
        AutoCloseable held = listener.holdWorkers();
        try {
            asset = CompletableFuture.supplyAsync(() -> listener.get("/assets/swagger-ui-bundle.js"));
            assertThat(listener.get(SMALL).statusCode()).isEqualTo(200);
            Thread.sleep(50);
            assertThat(asset).isNotDone();
        } finally {
            held.close();
        }

        assertThat(asset.get().body()).hasSizeGreaterThan(2 * Representation.LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "Identity"})
    void aSmallBodyThatIsSaidNotToBePackedIsAnsweredOnTheEventLoop(String encoding) {
        String body = "{\"hashtags\":[\"a\"]}";
        HttpResponse<String> first = listener.post("/predict", body);
        HttpResponse<String> again = listener.send(
                "POST",
                "/predict",
                BodyPublishers.ofString(body),
                "Content-Type",
                "application/json",
                "Content-Encoding",
                encoding);

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Cache-Status"))
                .hasValueSatisfying(hit -> assertThat(hit).startsWith("hemline; hit"));
    }

    private HttpResponse<byte[]> packed() {
        return listener.exchange(
                "GET", LARGE, BodyPublishers.noBody(), BodyHandlers.ofByteArray(), "Accept-Encoding", "gzip");
    }

    private static String unpacked(HttpResponse<byte[]> response) throws IOException {
        assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
