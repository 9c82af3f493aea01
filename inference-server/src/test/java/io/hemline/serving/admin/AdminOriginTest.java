package io.hemline.serving.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to the admin listener that a page in an operator's browser can cause. */
class AdminOriginTest {

    private static final String ROLLBACK = "POST /models/trend/rollback";
    private static final String JSON = "Content-Type: application/json";

    @TempDir
    private static Path folder;

    private static TestServer testServer;
    private static int port;

    @BeforeAll
    static void open() throws Exception {
        testServer = TestServer.of(folder, "good");
        port = testServer.server().adminPort();
        testServer.store().promote("trend", 2, io.hemline.store.Channel.STABLE);
    }

    @AfterAll
    static void close() {
        testServer.close();
    }

    @Test
    void rejectsARollbackByAPageOfAnotherSite() throws IOException {
        String answer =
                request(ROLLBACK, "Host: evil.example", "Content-Type: text/plain", "Origin: http://evil.example");

        assertThat(answer).startsWith("HTTP/1.1 421 ").contains("application/problem+json", "admin.allowed-hosts");
        assertThat(testServer.store().desired("trend", io.hemline.store.Channel.STABLE))
                .hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /models", "GET /metrics", "GET /nowhere", "HEAD /models", "OPTIONS /models", ROLLBACK})
    void rejectsEveryRequestUnderAForeignHostName(String line) throws IOException {
        assertThat(request(line, "Host: evil.example:" + port, JSON)).startsWith("HTTP/1.1 421 ");
    }

    @Test
    void acceptsItsHostNamesAndItsAddress() throws IOException {
        assertThat(request("GET /models", "Host: localhost:" + port)).startsWith("HTTP/1.1 200 ");
        assertThat(request("GET /models", "Host: localhost")).startsWith("HTTP/1.1 200 ");
        assertThat(request("GET /metrics", "Host: 127.0.0.1:" + port)).startsWith("HTTP/1.1 200 ");
        assertThat(request("GET /metrics", "Host: 127.0.0.2:" + port)).startsWith("HTTP/1.1 421 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://localhost",
                "Origin: http://localhost:3000",
                "Origin: http://LOCALHOST.evil.example",
                "Origin: http://localhost:1/\r\nOrigin: http://evil.example",
                "Origin: ",
                "Origin: localhost",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: same-origin\r\nOrigin: http://evil.example",
            })
    void rejectsUnsafeRequestsOfAnotherOrigin(String headers) throws IOException {
        assertThat(request(ROLLBACK, "Host: localhost:" + port, JSON, headers))
                .startsWith("HTTP/1.1 403 ")
                .contains("application/problem+json");
        assertThat(request("DELETE /models", "Host: localhost:" + port, headers))
                .startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X: y", "Content-Type: text/plain", "Content-Type: application/jsonx", JSON + "\r\n" + JSON})
    void requiresJsonAlsoWithoutABody(String headers) throws IOException {
        assertThat(request(ROLLBACK, "Host: localhost:" + port, headers))
                .startsWith("HTTP/1.1 415 ")
                .contains("application/problem+json", "Content-Type: application/json, also without a body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                JSON,
                "content-type: Application/JSON ;charset=utf-8",
                JSON + "\r\nSec-Fetch-Site: none",
                JSON + "\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://localhost:PORT",
                JSON + "\r\nOrigin: https://localhost:PORT",
            })
    void acceptsOperatorsAndItsOwnPages(String headers) throws IOException {
        String own = headers.replace("PORT", Integer.toString(port));

        // 409 is the answer of the store, which has no version 9.
        assertThat(post("/models/trend/promote", "{\"version\":\"9\"}", "Host: localhost:" + port, own))
                .startsWith("HTTP/1.1 409 ");
    }

    private static String request(String line, String... headers) throws IOException {
        return send(line + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n");
    }

    private static String post(String path, String body, String... headers) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static String send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
