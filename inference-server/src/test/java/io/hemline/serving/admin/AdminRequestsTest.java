package io.hemline.serving.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Malformed requests to the admin listener. */
class AdminRequestsTest {

    private static final String MOVE = "POST /models/trend/promote HTTP/1.1\r\nContent-Type: application/json\r\n";

    @TempDir
    private static Path folder;

    private static TestServer testServer;

    @BeforeAll
    static void open() throws Exception {
        testServer = TestServer.of(folder, "good");
    }

    @AfterAll
    static void close() {
        testServer.close();
    }

    @ParameterizedTest
    @CsvSource({
        "Host: localhost\\r\\nHost: localhost, 400",
        "Host: x:abc, 400",
        "Host: [::1, 400",
        "Host: x@y, 400",
        "X: y, 400",
        "Host: localhost\\r\\n: b, 400",
        "'Host: localhost\\r\\nTransfer-Encoding: gzip, chunked', 501",
    })
    void rejectsAMalformedHead(String lines, int status) throws IOException {
        String head = "GET /models HTTP/1.1\r\n" + lines.replace("\\r\\n", "\r\n") + "\r\n\r\n";

        String answer = raw(head);

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.toLowerCase(Locale.ROOT))
                .contains("connection: close\r\n", "application/problem+json", "x-request-id: ");
    }

    @Test
    void rejectsABodyWithAMalformedChunk() throws IOException {
        String body = "{\"version\":\"1\",\"channel\":\"canary\"}";
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";

        String answer = raw(MOVE + "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "zz\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("The body is not in chunks");
        assertThat(testServer.version(1).getJsonArray("channels")).doesNotContain("canary");
    }

    @Test
    void rejectsABodyThatIsNotUtf8() throws IOException {
        String body = "{\"version\":\"1\",\"channel\":\"\u00c1\u00a3anary\"}";

        String answer = raw(
                MOVE + "Host: localhost\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("UTF-8");
        assertThat(testServer.version(1).getJsonArray("channels")).doesNotContain("canary");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), testServer.server().adminPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
