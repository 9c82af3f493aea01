package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.admin.AdminConfig;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.security.TlsCertificate.TlsConfig;
import io.hemline.serving.security.testing.Certificate;
import io.hemline.serving.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of all listeners of a whole server, with clients that verify its certificate. */
class TlsTest {

    private static final String QUESTION = "/predict?hashtags=wideleg&market=vn";

    @TempDir
    private Path folder;

    private Certificate first;
    private Path certFile;
    private Path keyFile;

    @BeforeEach
    void makeCertificate() throws IOException {
        first = Certificate.make(folder, "first");
        certFile = folder.resolve("cert.pem");
        keyFile = folder.resolve("key.pem");
        first.writeCertificate(certFile);
        first.writeKey(keyFile);
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
    }

    @Test
    void negotiatesHttp2AndHttp1OnBothListeners() throws Exception {
        try (TestServer testServer = start()) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> miss =
                        get(first, version, testServer.server().port(), QUESTION);
                HttpResponse<String> hit =
                        get(first, version, testServer.server().port(), QUESTION);
                HttpResponse<String> fault =
                        get(first, version, testServer.server().port(), "/predict?hashtags=%20");

                assertThat(hit.version()).isEqualTo(version);
                assertThat(hit.statusCode()).isEqualTo(200);
                assertThat(hit.body()).isEqualTo(miss.body());
                assertThat(hit.headers().firstValue("Cache-Status"))
                        .get()
                        .asString()
                        .contains("hit");
                assertThat(fault.statusCode()).isEqualTo(422);
            }
            assertThat(get(first, HttpClient.Version.HTTP_2, testServer.server().adminPort(), "/models")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void acceptsBothVersionsOfTls(String protocol) throws Exception {
        try (TestServer testServer = start();
                SSLSocket socket = connect(testServer.server().port(), protocol)) {
            socket.startHandshake();

            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
        }
    }

    @Test
    void coversGrpc() throws Exception {
        try (TestServer testServer = start()) {
            HttpResponse<byte[]> live = HttpClient.newBuilder()
                    .sslContext(first.trust())
                    .build()
                    .send(grpc("https", testServer.server().grpcPort()), HttpResponse.BodyHandlers.ofByteArray());

            assertThat(live.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(live.body()).containsExactly(0, 0, 0, 0, 2, 8, 1);
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(
                                    grpc("http", testServer.server().grpcPort()),
                                    HttpResponse.BodyHandlers.ofByteArray()))
                    .isInstanceOf(IOException.class);
        }
    }

    /** {@code ServerReady}, whose message is empty. */
    private static HttpRequest grpc(String scheme, int port) {
        return HttpRequest.newBuilder(
                        URI.create(scheme + "://127.0.0.1:" + port + "/inference.GRPCInferenceService/ServerReady"))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/grpc")
                .header("TE", "trailers")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5]))
                .build();
    }

    @Test
    void rejectsPlaintext() throws Exception {
        try (TestServer testServer = start()) {
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                                    + testServer.server().port() + QUESTION))
                                            .timeout(Duration.ofSeconds(20))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void reloadsACertificateAndRejectsAMismatchedPair(int loops) throws Exception {
        try (TestServer testServer = start(loops)) {
            int port = testServer.server().port();
            Certificate second = Certificate.make(folder, "second");

            second.writeCertificate(certFile);
            TestServer.until(
                    "the mismatched pair was rejected",
                    () -> metrics(testServer, first).contains("outcome=\"failed\",what=\"http-tls\""));
            assertThat(get(first, HttpClient.Version.HTTP_1_1, port, QUESTION).statusCode())
                    .isEqualTo(200);

            second.writeKey(keyFile);
            TestServer.until("the second certificate is served", () -> isServed(second, port));
            for (int connection = 0; connection < 2 * loops; connection++) {
                assertThat(isServed(first, port)).isFalse();
            }
        }
    }

    @Test
    void doesNotStartWithAKeyOfAnotherCertificate() {
        Certificate.make(folder, "other").writeKey(keyFile);

        assertThatThrownBy(() -> start().close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cert.pem")
                .hasMessageContaining("the key does not match the certificate");
    }

    @Test
    void requiresBothFiles() {
        assertThatThrownBy(() -> new TlsConfig(Path.of("cert.pem"), Path.of("")))
                .hasMessage("keyFile: a certificate and its key go together");
    }

    private TestServer start() throws IOException, StartException {
        return start(1);
    }

    private TestServer start(int loops) throws IOException, StartException {
        ServerConfig config = TestServer.onLoops(loops, TestServer.config(folder));
        TlsConfig tls = new TlsConfig(certFile, keyFile);
        HttpConfig http = changed(config.http(), Map.of("tls", tls));
        AdminConfig admin = new AdminConfig("127.0.0.1", 0, tls);
        return TestServer.with(folder, changed(config, Map.of("http", http, "admin", admin)));
    }

    private SSLSocket connect(int port, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) first.trust().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static String metrics(TestServer testServer, Certificate trusted) {
        try {
            return get(trusted, HttpClient.Version.HTTP_1_1, testServer.server().adminPort(), "/metrics")
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isServed(Certificate certificate, int port) {
        try {
            return get(certificate, HttpClient.Version.HTTP_1_1, port, "/health/live")
                            .statusCode()
                    == 200;
        } catch (SSLHandshakeException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> get(Certificate trusted, HttpClient.Version version, int port, String path)
            throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(trusted.trust())
                .build();
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
