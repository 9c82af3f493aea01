package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole server over a real graph of some milliseconds a row is asked at once what would take it seconds. How long the
 * answers take is measured by {@code make bench SUITE=overload}; here nothing may be lost.
 */
class OverloadTest {

    private static final int FLOOD = 400;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.httpClientBuilder()
            .with(new PoolOptions().setHttp1MaxSize(FLOOD))
            .build();

    private TestServer open(int loops) throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/slow"), folder.resolve("store"));
        ServerConfig config = changed(
                TestServer.config(folder),
                Map.of("batch", new BatchConfig(8, 2, 1024, Duration.ofMillis(100), Duration.ofMillis(100))));
        return TestServer.with(folder, TestServer.onLoops(loops, config));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void answersWhatItCanAndRefusesTheRestAtOnce(int loops) throws Exception {
        try (TestServer testServer = open(loops)) {
            answersWhatItCan(testServer);
        }
    }

    private void answersWhatItCan(TestServer testServer) throws Exception {
        testServer.get("/predict?hashtags=wideleg&market=vn");
        List<Future<Reply>> flood = Stream.iterate(1, i -> i + 1)
                .limit(FLOOD)
                .map(level -> ask(testServer, level))
                .toList();
        int hit = testServer.get("/predict?hashtags=wideleg&market=vn").statusCode();

        List<Reply> replies = new ArrayList<>();
        for (Future<Reply> each : flood) {
            replies.add(await(each));
        }

        assertThat(hit).as("hits are free").isEqualTo(200);
        assertThat(replies).extracting(Reply::status).containsOnly(200, 503);
        assertThat(replies).filteredOn(reply -> reply.status() == 503).allSatisfy(refused -> {
            assertThat(refused.retryAfter()).isEqualTo("1");
            assertThat(refused.body()).contains("urn:hemline:problem:overloaded", "batch.max-wait");
        });
        assertThat(ask(testServer, FLOOD + 1)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .extracting(Reply::status)
                .isEqualTo(200);
        // A body is released just after its response, on the event loop of its connection.
        TestServer.until(
                "the bodies are released",
                () -> testServer.admin("/metrics").body().contains("http_bodies_bytes 0.0"));
        String metrics = testServer.admin("/metrics").body();
        assertThat(metrics).contains("forecast_queue_depth 0.0");
        long refused = replies.stream().filter(reply -> reply.status() == 503).count();
        assertThat(metrics).contains("forecast_shed_total{reason=\"queue_full\"} " + refused + ".0");
    }

    private Future<Reply> ask(TestServer testServer, int level) {
        return client.request(HttpMethod.POST, testServer.server().port(), "127.0.0.1", "/v1/forecasts")
                .compose(request -> request.putHeader("Content-Type", "application/json")
                        .send("{\"items\":[{\"series\":[" + level + ",2,3],\"last_week\":\"2026-11-16\"}]}"))
                .compose(response -> response.body()
                        .map(body ->
                                new Reply(response.statusCode(), response.getHeader("Retry-After"), body.toString())));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private record Reply(int status, @Nullable String retryAfter, String body) {}
}
