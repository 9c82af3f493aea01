package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.WarmUp.WarmUpConfig;
import io.hemline.serving.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpTest {

    @TempDir
    private Path folder;

    @Test
    void leavesNoTraceOfWhatItAsked() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));

        try (Server server = Server.start(warmingUp(Duration.ofMinutes(1)))) {
            String metrics = get(server.adminPort(), "/metrics").body();
            String models = get(server.adminPort(), "/models").body();

            assertThat(server.ready()).isTrue();
            assertThat(server.warmUpRequests()).isPositive();
            assertThat(metrics)
                    .contains("forecast_cache_requests_total{result=\"miss\"} 0.0")
                    .contains("forecast_cache_requests_total{result=\"hit\"} 0.0")
                    .containsPattern("http_request_duration_seconds_count\\{[^}]*\\} 0\n")
                    .doesNotContainPattern("http_request_duration_seconds_count\\{[^}]*\\} [1-9]");
            assertThat(models).contains("\"last_minute\":{\"requests\":0}");
        }
    }

    @Test
    void endsBeforeItsBudgetOnceItAskedEnough() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        Duration budget = Duration.ofMinutes(1);
        long start = System.nanoTime();

        try (Server server = Server.start(warmingUp(budget))) {
            assertThat(server.ready()).isTrue();
            assertThat(server.warmUpRequests()).isBetween(WarmUp.ENOUGH, 2 * WarmUp.ENOUGH);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(budget);
        }
    }

    @Test
    void isReadyOnlyWhenTheFirstModelIsLiveAndRehearsed() throws Exception {
        Files.createDirectories(folder.resolve("store"));

        try (Server server = Server.start(warmingUp(Duration.ofMinutes(1)))) {
            int before = get(server.port(), "/health/ready").statusCode();
            TestServer.addVersion(folder, "good", 1, 1);
            TestServer.point(folder, 1);
            TestServer.until("the server is ready", server::ready);
            int requests = server.warmUpRequests();

            assertThat(before).isEqualTo(503);
            assertThat(requests).isGreaterThanOrEqualTo(WarmUp.ENOUGH);
            assertThat(get(server.port(), "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private ServerConfig warmingUp(Duration budget) throws Exception {
        return changed(TestServer.config(folder), Map.of("warmUp", new WarmUpConfig(budget)));
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
