package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Stages.Stage;
import io.hemline.serving.http.testing.OpenDoor;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What those hear who write requests down. */
class RequestListenerTest {

    private static final String BRIEF = "/predict?hashtags=wideleg&market=vn";

    private OpenDoor door;

    @BeforeEach
    void open() {
        door = OpenDoor.open();
        door.forecaster.last(Duration.ZERO, Duration.ofMinutes(5));
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void hearOfAnAnswerThatWasComputed() throws Exception {
        HttpResponse<String> answer = door.get(BRIEF, "X-Request-Id", "mine");

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
    void hearOfAnAnswerThatWasRemembered() throws Exception {
        door.get(BRIEF);
        HttpResponse<String> answer = door.get(BRIEF);

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
        door.get(BRIEF);

        List<Stage> stages = new ArrayList<>();
        heard(1).stages().tell((stage, start, end) -> {
            assertThat(end - start).as("%s", stage).isNotNegative();
            stages.add(stage);
        });
        assertThat(stages).containsExactly(Stage.READ, Stage.WRITE);
    }

    @Test
    void hearWhichTraceARequestBelongsTo() throws Exception {
        door.get(BRIEF, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        assertThat(heard(1).trace().traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void hearOfWhatIsNotServed() throws Exception {
        door.get("/nowhere?secret=1");

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
                door.raw(("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

        CompletedRequest passage = heard(1);
        assertThat(answer).contains(passage.requestId());
        assertThat(passage.route()).isEqualTo("malformed");
        assertThat(passage.status()).isEqualTo(414);
    }

    /** The last of so many. A client may have its answer a moment before the server is done with it. */
    private CompletedRequest heard(int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (door.passages.size() < count) {
            assertThat(System.nanoTime()).as("heard in time").isLessThan(end);
            Thread.sleep(1);
        }
        return door.passages.get(count - 1);
    }
}
