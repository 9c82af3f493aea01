package io.hemline.serving.http.testing;

import static io.hemline.serving.testing.Changed.changed;

import io.hemline.serving.PublicResources;
import io.hemline.serving.core.TrendBoard;
import io.hemline.serving.http.BodyBudget;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.http.HttpListener;
import io.hemline.serving.http.RequestListener.CompletedRequest;
import io.hemline.serving.http.Resource;
import io.hemline.serving.security.AccessPolicy;
import io.hemline.serving.security.Authenticator;
import io.hemline.serving.telemetry.StageMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An HTTP listener on a free port with fake models, and a client of it. */
public final class TestListener implements AutoCloseable {

    public final FakeForecaster forecaster = new FakeForecaster();
    public final List<CompletedRequest> completed = new CopyOnWriteArrayList<>();
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final HttpListener http;
    public volatile boolean ready = true;

    private final Vertx vertx;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final int port;

    public TestListener(HttpConfig config, TrendBoard board, List<Resource> others) {
        this(config, AccessPolicy.unlimited(Authenticator.NONE), board, others);
    }

    private TestListener(HttpConfig config, AccessPolicy access, TrendBoard board, List<Resource> others) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(config.eventLoops()));
        http = new HttpListener(
                vertx,
                config,
                access,
                forecaster.version::find,
                PublicResources.of(
                        config, forecaster.responder(), forecaster.version::find, board, () -> ready, others),
                meters,
                new StageMeters(meters)::record,
                List.of(completed::add));
        port = await(http.open());
    }

    /** A listener with the default limits. */
    public static TestListener open() {
        return open(defaults());
    }

    /** A listener with other limits. */
    public static TestListener open(HttpConfig config) {
        return new TestListener(config, new FakeTrendBoard(), List.of());
    }

    /** A listener with the default limits, on that many event loops. */
    public static TestListener onLoops(int eventLoops) {
        return open(changed(defaults(), Map.of("eventLoops", eventLoops)));
    }

    /** A listener with authentication. */
    public static TestListener with(Authenticator authenticator) {
        return new TestListener(defaults(), AccessPolicy.unlimited(authenticator), new FakeTrendBoard(), List.of());
    }

    /** A listener with authentication and quotas. */
    public static TestListener with(AccessPolicy access) {
        return new TestListener(defaults(), access, new FakeTrendBoard(), List.of());
    }

    /** The defaults, on one event loop and a free port, under the host names of requests written by hand. */
    public static HttpConfig defaults() {
        return changed(HttpConfig.defaults(), Map.of("port", 0, "eventLoops", 1, "allowedHosts", "localhost, x, h"));
    }

    public int port() {
        return port;
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    public HttpResponse<String> post(String path, String json) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json), "Content-Type", "application/json");
    }

    public HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        return exchange(method, path, body, HttpResponse.BodyHandlers.ofString(), headers);
    }

    /** The response, read by a handler of the body. */
    public <T> HttpResponse<T> exchange(
            String method,
            String path,
            HttpRequest.BodyPublisher body,
            HttpResponse.BodyHandler<T> reader,
            String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body)
                .timeout(Duration.ofSeconds(10));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), reader);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sends bytes and reads until the server closes the connection or sends nothing for a second. */
    public String raw(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1000);
            StringBuilder answer = new StringBuilder();
            byte[] chunk = new byte[8192];
            try {
                // The server may answer and close before it has read everything.
                socket.getOutputStream().write(bytes);
                for (int read = 0; read >= 0; read = socket.getInputStream().read(chunk)) {
                    answer.append(new String(chunk, 0, read, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException e) {
                return answer.toString();
            }
            return answer.toString();
        }
    }

    /** Occupies all workers of large bodies until closed. */
    public AutoCloseable holdWorkers() throws InterruptedException {
        int workers = Math.max(2, Runtime.getRuntime().availableProcessors());
        CountDownLatch held = new CountDownLatch(workers);
        CountDownLatch release = new CountDownLatch(1);
        WorkerExecutor executor = BodyBudget.workers(vertx);
        for (int i = 0; i < workers; i++) {
            executor.executeBlocking(
                    () -> {
                        held.countDown();
                        return release.await(15, TimeUnit.SECONDS);
                    },
                    false);
        }
        if (!held.await(15, TimeUnit.SECONDS)) {
            throw new AssertionError("the workers are busy");
        }
        return release::countDown;
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(http.drain(Duration.ofSeconds(1)));
        await(vertx.close());
    }
}
