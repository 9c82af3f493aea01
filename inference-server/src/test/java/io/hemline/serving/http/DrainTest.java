package io.hemline.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.core.Answer;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrainTest {

    private static final int PATIENCE_SECONDS = 30;

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void letsRunningRequestsFinishAndNoOtherIn(int loops) throws Exception {
        try (TestListener listener = TestListener.onLoops(loops)) {
            CountDownLatch asked = new CountDownLatch(1);
            Promise<Answer> answer = Promise.promise();
            listener.forecaster.answerInstead(question -> {
                asked.countDown();
                return answer.future();
            });
            CompletableFuture<HttpResponse<String>> running =
                    CompletableFuture.supplyAsync(() -> listener.get("/predict?hashtags=a"));
            assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(listener.http.running()).isEqualTo(1);

            Future<Void> drained = listener.http.drain(Duration.ofSeconds(2 * PATIENCE_SECONDS));
            assertThat(isRefusedAtLast(listener)).isTrue();
            assertThat(drained.isComplete()).isFalse();
            answer.handle(listener.forecaster.answer(listener.forecaster.last()));

            assertThat(running.get(PATIENCE_SECONDS, TimeUnit.SECONDS).statusCode())
                    .isEqualTo(200);
            TestListener.await(drained);
            // The connection may close just before its event loop has counted the request out.
            TestServer.until("nothing runs", () -> listener.http.running() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void cutsOffWhatDoesNotFinishInTime(int loops) throws Exception {
        try (TestListener listener = TestListener.onLoops(loops)) {
            CountDownLatch asked = new CountDownLatch(1);
            listener.forecaster.answerInstead(question -> {
                asked.countDown();
                return Promise.<Answer>promise().future();
            });
            CompletableFuture<HttpResponse<String>> running =
                    CompletableFuture.supplyAsync(() -> listener.get("/predict?hashtags=a"));
            assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

            TestListener.await(listener.http.drain(Duration.ofMillis(100)));

            assertThatThrownBy(() -> running.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }

    /** The listening socket closes on the event loop, just after the call. */
    private static boolean isRefusedAtLast(TestListener listener) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), listener.port()).close();
            } catch (IOException e) {
                return true;
            }
            Thread.sleep(10);
        }
        return false;
    }
}
