package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Stages.Stage;
import io.hemline.serving.http.RequestListener.CompletedRequest;
import io.hemline.serving.http.testing.TestListener;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The requests that listeners receive. */
class RequestListenerTest {

    private static final String BRIEF = "/predict?hashtags=wideleg&market=vn";

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
    void hearOfAnAnswerThatWasComputed() throws Exception {
        HttpResponse<String> answer = listener.get(BRIEF, "X-Request-Id", "mine");

        CompletedRequest passage = heard(1);
        assertThat(passage)
                .extracting(
                        CompletedRequest::method,
                        CompletedRequest::route,
                        CompletedRequest::path,
                        CompletedRequest::status,
                        CompletedRequest::cache)
                .containsExactly("GET", "/predict", "/predict", 200, "miss");
        assertThat(passage.bytes()).isEqualTo(answer.body().length());
        assertThat(passage.requestId()).isEqualTo("mine");
        assertThat(passage.client()).isEqualTo("anyone");
        assertThat(passage.nanos()).isPositive();
    }

    @Test
    void receivesARequestAnsweredFromTheCache() throws Exception {
        listener.get(BRIEF);
        HttpResponse<String> answer = listener.get(BRIEF);

        CompletedRequest passage = heard(2);
        assertThat(passage)
                .extracting(
                        CompletedRequest::method,
                        CompletedRequest::route,
                        CompletedRequest::path,
                        CompletedRequest::status,
                        CompletedRequest::cache)
                .containsExactly("GET", "/predict", "/predict", 200, "hit");
        assertThat(passage.bytes()).isEqualTo(answer.body().length());
        assertThat(answer.headers().firstValue("X-Request-Id")).hasValue(passage.requestId());
    }

    @Test
    void hearWhichStagesARequestPassed() throws Exception {
        listener.get(BRIEF);

        List<Stage> stages = new ArrayList<>();
        heard(1).stages().tell((stage, start, end) -> {
            assertThat(end - start).as("%s", stage).isNotNegative();
            stages.add(stage);
        });
        assertThat(stages).containsExactly(Stage.READ, Stage.WRITE);
    }

    @Test
    void hearWhichTraceARequestBelongsTo() throws Exception {
        listener.get(BRIEF, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        assertThat(heard(1).trace().traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void hearOfWhatIsNotServed() throws Exception {
        listener.get("/nowhere?secret=1");

        assertThat(heard(1))
                .extracting(
                        CompletedRequest::route,
                        CompletedRequest::path,
                        CompletedRequest::status,
                        CompletedRequest::cache)
                .containsExactly("other", "/nowhere", 404, "");
    }

    @Test
    void hearOfWhatIsNoRequest() throws Exception {
        String answer =
                listener.raw(("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

        CompletedRequest passage = heard(1);
        assertThat(answer).contains(passage.requestId());
        assertThat(passage.route()).isEqualTo("malformed");
        assertThat(passage.status()).isEqualTo(414);
    }

    /** The last of that many requests. A client may have its response just before the server has recorded it. */
    private CompletedRequest heard(int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (listener.completed.size() < count) {
            assertThat(System.nanoTime()).as("heard in time").isLessThan(end);
            Thread.sleep(1);
        }
        return listener.completed.get(count - 1);
    }
}
