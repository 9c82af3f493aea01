package io.hemline.serving.testing;

import static io.hemline.serving.testing.Changed.changed;

import io.hemline.serving.Server;
import io.hemline.serving.ServerConfig;
import io.hemline.serving.StartException;
import io.hemline.serving.WarmUp.WarmUpConfig;
import io.hemline.serving.admin.AdminConfig;
import io.hemline.serving.batch.BatchConfig;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.oip.grpc.GrpcListener.GrpcConfig;
import io.hemline.store.Channel;
import io.hemline.store.ModelStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A whole server over a copy of the shared store fixtures, on free ports, looking at its store every 20 ms. */
public final class TestServer implements AutoCloseable {

    private static final Path FIXTURES = Path.of("../model-store/fixtures/store");
    private static final String TRENDS = """
            {"trend":"wideleg","market":"vn","gender":"female","category":"pants","last_week":"2026-11-16",\
            "features_as_of":"2026-11-23T00:00:00Z","volume":[1,2,3,4,5,6,7,8,9,10,11,12,13]}
            {"trend":"wideleg","market":"us","last_week":"2026-11-16","features_as_of":"2026-11-23T00:00:00Z",\
            "volume":[4,4,4,4]}
            {"trend":"cargo","market":"us","category":"pants","last_week":"2026-11-16",\
            "features_as_of":"2026-11-22T00:00:00Z","volume":[2,null,2]}""";

    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server;
    private boolean closed;

    private TestServer(Path folder, ServerConfig config) throws StartException {
        this.folder = folder;
        this.server = Server.start(config);
    }

    /** A server over a store that holds what the named fixture holds. */
    public static TestServer of(Path folder, String fixture) throws IOException, StartException {
        copy(FIXTURES.resolve(fixture), folder.resolve("store"));
        return over(folder);
    }

    /** The same, whose public listener runs on so many event loops. */
    public static TestServer onLoops(int eventLoops, Path folder, String fixture) throws IOException, StartException {
        copy(FIXTURES.resolve(fixture), folder.resolve("store"));
        return with(folder, onLoops(eventLoops, config(folder)));
    }

    /** The same configuration with another number of event loops. */
    public static ServerConfig onLoops(int eventLoops, ServerConfig config) {
        return changed(config, Map.of("http", changed(config.http(), Map.of("eventLoops", eventLoops))));
    }

    /** A server over a copy of the demo's store. */
    public static TestServer ofDemo(Path folder) throws IOException, StartException {
        copy(Path.of("../model-store/demo/store"), folder.resolve("store"));
        return over(folder);
    }

    /** A server over what lies in the folder. */
    public static TestServer over(Path folder) throws IOException, StartException {
        return new TestServer(folder, config(folder));
    }

    /** A server over the folder with another configuration. */
    public static TestServer with(Path folder, ServerConfig config) throws StartException {
        return new TestServer(folder, config);
    }

    /** The configuration of such a server; writes the snapshot. */
    public static ServerConfig config(Path folder) throws IOException {
        return config(folder, Duration.ZERO);
    }

    /** The same for one that takes its time to stop. */
    public static ServerConfig config(Path folder, Duration shutdownGrace) throws IOException {
        Path snapshot = Snapshots.write(folder.resolve("features.jsonl.gz"), TRENDS);
        String store = folder.resolve("store").toString();
        return changed(
                ServerConfig.defaults(),
                Map.of(
                        "http", changed(HttpConfig.defaults(), Map.of("port", 0, "shutdownGrace", shutdownGrace)),
                        "admin", new AdminConfig("127.0.0.1", 0),
                        "grpc", new GrpcConfig(0),
                        "store", new StoreConfig(store, "trend", Channel.STABLE, Duration.ofMillis(20)),
                        "features", FeaturesConfig.ofSnapshot(snapshot),
                        "batch", new BatchConfig(8, 2, 1024, Duration.ofMinutes(1), Duration.ofMillis(20)),
                        "warmUp", new WarmUpConfig(Duration.ZERO)));
    }

    /** The configuration of one that judges versions otherwise, and tries them otherwise. */
    public static ServerConfig config(
            Path folder, StoreConfig.Gate gate, StoreConfig.Canary canary, StoreConfig.Shadow shadow)
            throws IOException {
        ServerConfig usual = config(folder);
        StoreConfig store = changed(usual.store(), Map.of("gate", gate, "canary", canary, "shadow", shadow));
        return changed(usual, Map.of("store", store));
    }

    /** Copies one version of a fixture into the store, under another number, and writes no pointer. */
    public static void addVersion(Path folder, String fixture, int from, int to) throws IOException {
        copy(version(FIXTURES.resolve(fixture), from), version(folder.resolve("store"), to));
    }

    private static Path version(Path store, int number) {
        return store.resolve("trend/versions/" + number);
    }

    /** Copies a folder and all in it. */
    public static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path path : all) {
            Path target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.copy(path, target);
            }
        }
    }

    /** Points the channel at a version, without the checks of a promotion. */
    public static void point(Path folder, int version) throws IOException {
        Path channels = Files.createDirectories(folder.resolve("store/trend/channels"));
        Path next = Files.writeString(channels.resolve(".next"), version + "\n");
        Files.move(
                next, channels.resolve("stable"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The store that the server follows. */
    public ModelStore store() {
        return ModelStore.inFolder(folder.resolve("store"));
    }

    /** The server itself. */
    public Server server() {
        return server;
    }

    /** Asks the door. */
    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)));
    }

    /** Posts JSON to the door. */
    public HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Asks the operators' listener. */
    public HttpResponse<String> admin(String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.adminPort() + path)));
    }

    /** Posts JSON to the operators' listener. */
    public HttpResponse<String> admin(String path, String json) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.adminPort() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** What {@code /models} says of a version. */
    public JsonObject version(int number) {
        JsonObject model =
                new JsonObject(admin("/models").body()).getJsonArray("models").getJsonObject(0);
        return model.getJsonArray("versions").stream()
                .map(JsonObject.class::cast)
                .filter(version -> version.getString("version").equals(Integer.toString(number)))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until something holds, at most ten seconds. */
    public static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            Thread.sleep(5);
        }
    }

    /** That the answer has failed already, in that way. */
    public static void assertFailure(Future<?> answer, Failure failure) {
        if (!(answer.cause() instanceof ForecastException exception) || exception.failure() != failure) {
            throw new AssertionError("not " + failure + " but " + answer);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            server.close();
        }
    }
}
