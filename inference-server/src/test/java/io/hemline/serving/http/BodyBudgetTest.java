package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listener with a budget of 1,000 bytes. */
class BodyBudgetTest {

    private static final String SHORT = "{\"hashtags\":[\"a\"]}";

    private final TestListener listener = TestListener.open(config());

    private static HttpConfig config() {
        return changed(TestListener.defaults(), Map.of("maxBody", 1000, "maxBodies", 1000L));
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void refusesABodyThatFindsNoRoomAndTakesItWhenThereIsSomeAgain() throws Exception {
        try (Socket slow = beginning(990)) {
            TestServer.until("the slow body is held", () -> held() == 990);

            HttpResponse<String> refused = listener.post("/predict", SHORT);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(refused.body()).contains("1000 bytes").contains("http.max-bodies");
            assertThat(held()).isEqualTo(990);
            assertThat(slow.isClosed()).isFalse();
        }
        TestServer.until("a caller that left holds nothing", () -> held() == 0);
        assertThat(listener.post("/predict", SHORT).statusCode()).isEqualTo(200);
    }

    @Test
    void countsABodyUntilWorkOnItEndsThoughItsDeadlineHasPassed() throws Exception {
        Promise<Answer> answer = Promise.promise();
        listener.forecaster.answerInstead(question -> answer.future());

        HttpResponse<String> late = listener.send(
                "POST",
                "/predict",
                BodyPublishers.ofString(SHORT),
                "Content-Type",
                "application/json",
                "X-Request-Timeout-Ms",
                "20");

        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(held()).isEqualTo(SHORT.length());
        answer.fail("too late");
        TestServer.until("nothing is held", () -> held() == 0);
    }

    @Test
    void givesEveryByteBackWhateverBecameOfTheRequest() throws Exception {
        listener.post("/predict", SHORT);
        listener.post("/predict", "no JSON");
        listener.post("/predict", " ".repeat(2000));
        listener.send("POST", "/predict", BodyPublishers.ofString(SHORT), "Content-Type", "text/plain");

        TestServer.until("nothing is held", () -> held() == 0);
    }

    private double held() {
        return listener.meters.get("http.bodies.bytes").gauge().value();
    }

    /** A request with an incomplete body. */
    private Socket beginning(int bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        String head =
                "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
        socket.getOutputStream().write((head + " ".repeat(bytes)).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
