package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.TestListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyLimitTest {

    private static final int MAX = 100_000;
    private static final String HEAD = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

    private TestListener listener;

    @BeforeEach
    void open() {
        listener = TestListener.open(changed(TestListener.defaults(), Map.of("maxBody", MAX, "maxImage", 1000)));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void takesABodyAtTheLimit() {
        String body = "{\"hashtags\":[\"a\"]}";

        assertThat(listener.post("/predict", body + " ".repeat(MAX - body.length()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesADeclaredLengthOverTheLimitEvenOfAnotherType() {
        byte[] body = new byte[MAX + 1];

        HttpResponse<String> response =
                listener.send("POST", "/predict", BodyPublishers.ofByteArray(body), "Content-Type", "text/plain");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("100000").contains("100001");
    }

    @Test
    void refusesAChunkedBodyWhileItArrivesAndKeepsTheConnection() {
        HttpResponse<String> response = listener.send(
                "POST",
                "/predict",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[2 * MAX])),
                "Content-Type",
                "application/json");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("100000");
        assertThat(listener.get("/predict?hashtags=a").statusCode()).isEqualTo(200);
    }

    @Test
    void answersTheNextRequestOfTheSameConnection() throws IOException {
        String tooLarge = HEAD + "Content-Length: " + (MAX + 1) + "\r\n\r\n" + " ".repeat(MAX + 1);
        String next = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        String answers = listener.raw((tooLarge + next).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers).startsWith("HTTP/1.1 413 ").contains("HTTP/1.1 200 ");
    }

    @Test
    void losesPatienceWithABodyWithoutEnd() throws IOException {
        String head = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
        String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
        String next = "0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

        String answers = listener.raw((head + chunk.repeat(20) + next).getBytes(StandardCharsets.US_ASCII));

        assertThat(answers).doesNotContain("HTTP/1.1 200 ");
        assertThat(listener.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void answersContinueUnlessTheBodyIsTooLarge() throws IOException {
        String head = HEAD + "Expect: 100-continue\r\nContent-Length: ";

        String wished = listener.raw((head + "18\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String refused = listener.raw((head + "200000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

        assertThat(wished).startsWith("HTTP/1.1 100 ");
        assertThat(refused).startsWith("HTTP/1.1 413 ").containsIgnoringCase("connection: close");
    }

    @Test
    void releasesTheBodyOfAClientThatLeaves() throws Exception {
        String half = HEAD + "Content-Length: 100\r\n\r\n{";
        listener.raw(half.getBytes(StandardCharsets.US_ASCII));

        for (int i = 0; i < 100 && listener.http.running() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(listener.http.running()).isZero();
    }
}
