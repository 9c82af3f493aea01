package io.hemline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.RawHttp2;
import io.hemline.serving.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that a listener had accepted, without a request yet, when the server was stopped. */
class StopTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void answersAcceptedConnectionsAtEveryListener(int loops, @TempDir Path folder) throws Exception {
        TestServer testServer = TestServer.onLoops(loops, folder, "good");
        Server server = testServer.server();
        Thread stopping = new Thread(testServer::close, "stopping");
        try (Socket caller = connect(server.port());
                Socket operator = connect(server.adminPort());
                Socket client = connect(server.grpcPort())) {
            ask(connect(server.port()), "/health/live");
            ask(connect(server.adminPort()), "/metrics");
            callOverHttp2(connect(server.grpcPort()));

            stopping.start();
            TestServer.until("HTTP accepts no connection", () -> isRefused(server.port()));
            assertThat(ask(caller, "/health/live")).contains("connection: close\r\n");
            TestServer.until("gRPC accepts no connection", () -> isRefused(server.grpcPort()));
            callOverHttp2(client);
            TestServer.until("the admin listener accepts no connection", () -> isRefused(server.adminPort()));
            assertThat(ask(operator, "/metrics")).contains("connection: close\r\n");
        } finally {
            if (stopping.getState() == Thread.State.NEW) {
                stopping.start();
            }
            stopping.join(60_000);
        }
        assertThat(stopping.isAlive()).isFalse();
    }

    private static String ask(Socket socket, String path) throws IOException {
        try (socket) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[8192];
            int length = socket.getInputStream().read(answer);
            assertThat(length).as("bytes from " + path).isPositive();
            String text = new String(answer, 0, length, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
            assertThat(text).startsWith("http/1.1 200 ");
            return text;
        }
    }

    /** What is no call is answered too, with a status. */
    private static void callOverHttp2(Socket socket) throws IOException {
        try (RawHttp2 call = new RawHttp2(socket)) {
            call.get(1, "/x");
            call.flush();
            RawHttp2.Frame frame = call.read();
            while (frame.type() != RawHttp2.HEADERS) {
                assertThat(frame.type()).isNotEqualTo(RawHttp2.GOAWAY);
                frame = call.read();
            }
            assertThat(frame.stream()).isEqualTo(1);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static boolean isRefused(int port) {
        try {
            connect(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
