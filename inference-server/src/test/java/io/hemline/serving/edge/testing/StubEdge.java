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
 * An edge that records purges and answers with the given statuses, then with 204.
 *
 * <p>Thread-safe: its lists are concurrent.
 */
public final class StubEdge implements AutoCloseable {

    /** In place of a status: no response at all. */
    public static final int NO_RESPONSE = 0;

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
        server.createContext("/__purge", edge::receive);
        server.setExecutor(edge.threads);
        server.start();
        return edge;
    }

    /** Answers the next purges with these statuses. */
    public StubEdge answering(Integer... next) {
        statuses.addAll(List.of(next));
        return this;
    }

    private void receive(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        received.add(new Received(
                exchange.getRequestMethod(), body, exchange.getRequestHeaders().getFirst("X-Hemline-Signature")));
        Integer status = statuses.poll();
        if (status != null && status == NO_RESPONSE) {
            return;
        }
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    /** The URL that purges are posted to. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/__purge");
    }

    /** The purges received so far. */
    public List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * One purge as received.
     *
     * @param method the HTTP method
     * @param signature the header {@code X-Hemline-Signature}
     */
    public record Received(String method, String body, String signature) {

        /** The mode, the tags and the versions, in one line. */
        public String summary() {
            JsonObject purge = new JsonObject(body);
            return purge.getString("mode") + " " + String.join(",", strings(purge, "tags")) + " ["
                    + String.join(",", strings(purge, "versions")) + "]";
        }

        private static List<String> strings(JsonObject purge, String member) {
            return purge.getJsonArray(member).stream().map(String.class::cast).toList();
        }

        /** When the versions became live, in milliseconds since 1970. */
        public long since() {
            return new JsonObject(body).getLong("since");
        }

        /** When it was signed, in seconds since 1970. */
        public long signedAt() {
            return Long.parseLong(signature.substring(2, signature.indexOf(',')));
        }
    }
}
