package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.http.testing.TestListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that exhaust connections, over bare sockets. */
class ConnectionLimiterTest {

    private static final String GET = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    private TestListener listener = TestListener.open();

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(ConnectionConfig.defaults())
                .isEqualTo(new ConnectionConfig(
                        10_000, 16_384, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(75)));
        assertThatThrownBy(() -> new ConnectionConfig(
                        0, 16_384, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .hasMessage("max: 1 to 1000000, not 0");
        assertThatThrownBy(() ->
                        new ConnectionConfig(1, 16_384, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("bodyTimeout: 10 ms to 1 h, not PT0S");
    }

    @Test
    void closesTheConnectionOfSlowHeaders() throws Exception {
        open(new ConnectionConfig(10, 16_384, Duration.ofMillis(300), Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (Socket socket = connect()) {
            assertThat(dribble(socket, "GET /health/live HTTP/1.1\r\nX-Slow: " + "y".repeat(10_000)))
                    .startsWith("HTTP/1.1 408")
                    .contains("application/problem+json", "http.connections.header-timeout", "300 ms");
        }
        assertThat(refused("too-slow")).isEqualTo(1);
    }

    @Test
    void closesASilentConnection() throws Exception {
        open(new ConnectionConfig(10, 16_384, Duration.ofMillis(300), Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (Socket socket = connect()) {
            assertThat(read(socket)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void closesTheConnectionOfASlowSecondRequest() throws Exception {
        open(new ConnectionConfig(10, 16_384, Duration.ofMillis(300), Duration.ofMinutes(1), Duration.ofMinutes(1)));

        try (Socket socket = connect()) {
            socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
            assertThat(dribble(socket, "GET /health/live HTTP/1.1\r\nX-Slow: " + "y".repeat(10_000)))
                    .startsWith("HTTP/1.1 200")
                    .contains("HTTP/1.1 408");
        }
    }

    @Test
    void closesTheConnectionOfASlowBody() throws Exception {
        open(new ConnectionConfig(10, 16_384, Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofMinutes(1)));
        String head = String.join(
                "\r\n",
                "POST /predict HTTP/1.1",
                "Host: x",
                "Content-Type: application/json",
                "Content-Length: 100000",
                "",
                "");

        try (Socket socket = connect()) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(dribble(socket, "{" + " ".repeat(10_000)))
                    .startsWith("HTTP/1.1 408")
                    .contains("http.connections.body-timeout");
        }
    }

    @Test
    void keepsAConnectionWithPausesBetweenRequests() throws Exception {
        open(new ConnectionConfig(10, 16_384, Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMinutes(1)));

        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
                byte[] some = new byte[4096];
                int length = socket.getInputStream().read(some);
                assertThat(new String(some, 0, length, StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200");
                Thread.sleep(400);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void turnsAwayConnectionsThatAreTooMany(int loops) throws Exception {
        open(
                new ConnectionConfig(3, 16_384, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1)),
                loops);
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Socket socket = connect();
                held.add(socket);
                socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isPositive();
            }

            try (Socket fourth = connect()) {
                assertThat(read(fourth)).startsWith("HTTP/1.1 503").contains("http.connections.max", "Retry-After");
            }
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        assertThat(refused("too-many")).isEqualTo(1);
    }

    @Test
    void answersRequestsThatComeAtOnceInTheirOrder() throws Exception {
        String both = String.join(
                "\r\n",
                "GET /health/live HTTP/1.1",
                "Host: x",
                "X-Request-Id: first",
                "",
                "GET /nowhere HTTP/1.1",
                "Host: x",
                "X-Request-Id: second",
                "Connection: close",
                "",
                "");

        String answers = listener.raw(both.getBytes(StandardCharsets.US_ASCII));

        assertThat(answers).containsSubsequence("HTTP/1.1 200", "first", "HTTP/1.1 404", "second");
    }

    @Test
    void namesTheLimitOfHeaders() throws Exception {
        open(new ConnectionConfig(10, 2048, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1)));

        String answer =
                listener.raw(("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: " + "y".repeat(3000) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).startsWith("HTTP/1.1 431").contains("2048 bytes (http.connections.max-header)");
    }

    @Test
    void stopsReadingFromAClientThatReadsNoResponses() throws Exception {
        byte[] many =
                "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);

        try (Socket socket = connect()) {
            Thread writer = new Thread(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    for (int i = 0; i < 1000; i++) {
                        out.write(many);
                    }
                } catch (IOException e) {
                    // The test closed the connection.
                }
            });
            writer.start();
            writer.join(1500);

            assertThat(writer.isAlive()).isTrue();
            assertThat(listener.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    private void open(ConnectionConfig connections) {
        open(connections, 1);
    }

    private void open(ConnectionConfig connections, int loops) {
        listener.close();
        listener = TestListener.open(
                changed(TestListener.defaults(), Map.of("connections", connections, "eventLoops", loops)));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends a byte every 20 ms until the server closes the connection; returns its response. */
    private static String dribble(Socket socket, String text) throws Exception {
        Thread writer = new Thread(() -> {
            try {
                for (byte one : text.getBytes(StandardCharsets.US_ASCII)) {
                    socket.getOutputStream().write(one);
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // The server closed the connection.
            }
        });
        writer.setDaemon(true);
        writer.start();
        return read(socket);
    }

    private static String read(Socket socket) {
        StringBuilder all = new StringBuilder();
        byte[] chunk = new byte[4096];
        try {
            for (int read = 0; read >= 0; read = socket.getInputStream().read(chunk)) {
                all.append(new String(chunk, 0, read, StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            return all.toString();
        }
        return all.toString();
    }

    private double refused(String reason) {
        return listener.meters
                .counter("http.connections.refused", "listener", "http", "reason", reason)
                .count();
    }
}
