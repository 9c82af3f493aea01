package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.RawHttp2;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.security.TlsCertificate.TlsConfig;
import io.hemline.serving.security.testing.Certificate;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that were accepted just before the server stops. */
class ListenerCloseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CALLERS = 8;
    private static final byte[] QUESTION =
            "GET /predict?hashtags=wideleg HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void answersRequestsThatArriveJustAfterTheSocketClosed(int loops) throws Exception {
        try (TestListener listener = TestListener.onLoops(loops)) {
            List<Socket> callers = connected(listener);

            Future<Void> drained = listener.http.drain(PATIENCE);
            TestServer.until("no connection is accepted", () -> isRefused(listener));

            for (Socket caller : callers) {
                caller.getOutputStream().write(QUESTION);
            }
            for (Socket caller : callers) {
                String answer = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer.toLowerCase(Locale.ROOT))
                        .startsWith("http/1.1 200 ")
                        .contains("connection: close\r\n");
                caller.close();
            }
            TestListener.await(drained);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void doesNotWaitForSilentConnections(int loops) throws Exception {
        try (TestListener listener = TestListener.onLoops(loops)) {
            List<Socket> callers = connected(listener);
            long start = System.nanoTime();

            TestListener.await(listener.http.drain(PATIENCE));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.dividedBy(2));
            for (Socket caller : callers) {
                assertThat(caller.getInputStream().read()).isEqualTo(-1);
                caller.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void answersRequestsOfUnfinishedTlsHandshakes(int loops, @TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.make(folder, "one");
        TlsConfig tls = new TlsConfig(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        certificate.writeCertificate(tls.certFile());
        certificate.writeKey(tls.keyFile());
        try (TestListener listener =
                TestListener.open(changed(TestListener.defaults(), Map.of("tls", tls, "eventLoops", loops)))) {
            Socket silent = new Socket(InetAddress.getLoopbackAddress(), listener.port());
            Socket other = new Socket(InetAddress.getLoopbackAddress(), listener.port());
            Thread.sleep(100);

            Future<Void> drained = listener.http.drain(PATIENCE);
            TestServer.until("no connection is accepted", () -> isRefused(listener));
            SSLSocket plain = secured(certificate, silent, "http/1.1");
            plain.getOutputStream().write(QUESTION);
            RawHttp2 streams = new RawHttp2(secured(certificate, other, "h2"));
            streams.get(1, "/predict?hashtags=wideleg");
            streams.flush();

            assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 ");
            RawHttp2.Frame frame = streams.read();
            while (frame.type() != RawHttp2.HEADERS) {
                frame = streams.read();
            }
            assertThat(streams.status(frame)).isEqualTo(200);
            plain.close();
            streams.close();
            TestListener.await(drained);
        }
    }

    private static List<Socket> connected(TestListener listener) throws Exception {
        List<Socket> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Socket caller = new Socket(InetAddress.getLoopbackAddress(), listener.port());
            caller.setSoTimeout(10_000);
            callers.add(caller);
        }
        TestServer.until(
                "all are accepted",
                () -> listener.meters.get("http.connections").gauge().value() == CALLERS);
        return callers;
    }

    private static SSLSocket secured(Certificate certificate, Socket socket, String protocol) throws IOException {
        SSLSocket secured = (SSLSocket)
                certificate.trust().getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(10_000);
        secured.startHandshake();
        return secured;
    }

    private static boolean isRefused(TestListener listener) {
        try {
            new Socket(InetAddress.getLoopbackAddress(), listener.port()).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
