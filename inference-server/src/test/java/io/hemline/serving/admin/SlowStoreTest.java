package io.hemline.serving.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.engine.QueuedImageEncoder.EncoderConfig;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.lifecycle.Slots;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.rollout.Models;
import io.hemline.serving.rollout.ShadowRunner;
import io.hemline.serving.rollout.VersionSelector;
import io.hemline.serving.security.Authenticator;
import io.hemline.store.ModelStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowStoreTest {

    private static final int WAITING = 25;

    private final CountDownLatch answers = new CountDownLatch(1);
    private final ModelStore store = (ModelStore) Proxy.newProxyInstance(
            ModelStore.class.getClassLoader(), new Class<?>[] {ModelStore.class}, (self, method, arguments) -> {
                answers.await();
                return List.of();
            });

    private final FeatureSource source = (FeatureSource) Proxy.newProxyInstance(
            FeatureSource.class.getClassLoader(), new Class<?>[] {FeatureSource.class}, (self, method, arguments) -> {
                throw new AssertionError("unexpected call of " + method);
            });

    @Test
    void delaysNeitherMetricsNorOtherWorkers() throws Exception {
        Vertx vertx = Vertx.vertx();
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StoreConfig config = StoreConfig.defaults();
        Slots slots = Slots.empty();
        Models models = new Models(
                store,
                config,
                BatchConfig.defaults(),
                EncoderConfig.defaults(),
                FeaturesConfig.defaults(),
                source,
                slots,
                new VersionSelector(slots, config.canary()),
                new ShadowRunner(slots, config, meters),
                graphs -> {
                    throw new AssertionError("nothing is loaded");
                },
                () -> false,
                meters);
        AdminListener listener =
                new AdminListener(vertx, new AdminConfig("127.0.0.1", 0), Authenticator.NONE, models, meters, meters);
        try {
            int port = TestListener.await(listener.open());

            List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, WAITING)
                    .mapToObj(i -> get(port, "/models"))
                    .toList();
            HttpResponse<String> metrics = get(port, "/metrics").get(20, TimeUnit.SECONDS);
            boolean worker = TestListener.await(vertx.executeBlocking(() -> true, false));

            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(worker).isTrue();
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            answers.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : waiting) {
                assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        } finally {
            answers.countDown();
            TestListener.await(listener.close(Duration.ofSeconds(5)));
            TestListener.await(vertx.close());
        }
    }

    private static CompletableFuture<HttpResponse<String>> get(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}
