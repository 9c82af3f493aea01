package io.hemline.serving.edge.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the edge is to a server: takes purges over HTTP, notes them, and answers as it was told to. Answers 204 beyond that.
 *
 * <p>Thread-safe: its lists are concurrent.
 */
public final class StubEdge implements AutoCloseable {

    /** A status that stands for no answer at all. */
    public static final int SILENCE = 0;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

    private StubEdge(HttpServer server) {
        this.server = server;
    }

    /** Listens on a free port. */
    public static StubEdge start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        StubEdge edge = new StubEdge(server);
        server.createContext("/__purge", edge::take);
        server.setExecutor(edge.threads);
        server.start();
        return edge;
    }

    /** Answers the next purges with these. */
    public StubEdge answering(Integer... next) {
        statuses.addAll(List.of(next));
        return this;
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        received.add(new Received(
                exchange.getRequestMethod(), body, exchange.getRequestHeaders().getFirst("X-Hemline-Signature")));
        Integer status = statuses.poll();
        if (status != null && status == SILENCE) {
            return;
        }
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    /** Where purges go. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/__purge");
    }

    /** What has come so far. */
    public List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * One purge as it came.
     *
     * @param method of HTTP
     * @param body as text
     * @param signature the header
     */
    public record Received(String method, String body, String signature) {

        /** The mode, the tags and the versions, in one line. */
        public String summary() {
            JsonObject purge = new JsonObject(body);
            return purge.getString("mode") + " " + String.join(",", words(purge, "tags")) + " ["
                    + String.join(",", words(purge, "versions")) + "]";
        }

        private static List<String> words(JsonObject purge, String member) {
            return purge.getJsonArray(member).stream().map(String.class::cast).toList();
        }

        /** Since when these versions are live, in milliseconds. */
        public long since() {
            return new JsonObject(body).getLong("since");
        }

        /** When it was signed, in seconds. */
        public long signedAt() {
            return Long.parseLong(signature.substring(2, signature.indexOf(',')));
        }
    }
}
