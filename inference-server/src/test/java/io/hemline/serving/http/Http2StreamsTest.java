package io.hemline.serving.http;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.http.testing.RawHttp2;
import io.hemline.serving.http.testing.RawHttp2.Frame;
import io.hemline.serving.http.testing.TestListener;
import io.hemline.serving.security.TlsCertificate.TlsConfig;
import io.hemline.serving.security.testing.Certificate;
import io.hemline.serving.testing.TestServer;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 connections with too many streams, and other connections beside them. */
class Http2StreamsTest {

    private static final int STREAMS = ConnectionConfig.MAX_STREAMS + 50;
    private static final int FLOOD = 20_000;
    private static final String QUESTION = "/predict?hashtags=h";

    @TempDir
    private static Path folder;

    private static Certificate certificate;
    private static TlsConfig tls;

    private TestListener listener;
    private HttpClient polite;

    @BeforeAll
    static void makeCertificate() {
        certificate = Certificate.make(folder, "one");
        tls = new TlsConfig(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        certificate.writeCertificate(tls.certFile());
        certificate.writeKey(tls.keyFile());
    }

    @BeforeEach
    void open() {
        listener = TestListener.open(changed(TestListener.defaults(), Map.of("tls", tls)));
        polite = HttpClient.newBuilder().sslContext(certificate.trust()).build();
    }

    @AfterEach
    void close() {
        listener.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersAHundredStreamsOfAConnectionAndRefusesTheOthersAtOnce(boolean heedsSettings) throws Exception {
        Promise<Void> held = Promise.promise();
        listener.forecaster.answerInstead(
                request -> held.future().compose(released -> listener.forecaster.answer(request)));
        try (RawHttp2 caller = connect()) {
            if (heedsSettings) {
                caller.acknowledge();
            }
            for (int i = 0; i < STREAMS; i++) {
                caller.get(2 * i + 1, QUESTION + i);
            }
            caller.flush();

            Set<Integer> refused = new TreeSet<>();
            while (refused.size() < STREAMS - ConnectionConfig.MAX_STREAMS) {
                Frame frame = caller.read();
                assertThat(frame.type()).as(frame.toString()).isNotIn(RawHttp2.HEADERS, RawHttp2.GOAWAY);
                if (frame.type() == RawHttp2.RST_STREAM) {
                    assertThat(frame.error()).isEqualTo(RawHttp2.REFUSED_STREAM);
                    refused.add(frame.stream());
                }
            }
            assertThat(refused).allMatch(stream -> stream > 2 * ConnectionConfig.MAX_STREAMS);
            assertThat(listener.http.running()).isEqualTo(ConnectionConfig.MAX_STREAMS);

            held.complete();
            Set<Integer> answered = new TreeSet<>();
            while (answered.size() < ConnectionConfig.MAX_STREAMS) {
                Frame frame = caller.read();
                if (frame.type() == RawHttp2.HEADERS) {
                    assertThat(caller.status(frame)).isEqualTo(200);
                    answered.add(frame.stream());
                }
            }
            assertThat(answered).doesNotContainAnyElementsOf(refused);
        }
        TestServer.until("nothing runs", () -> listener.http.running() == 0);
    }

    @Test
    void answersAllOfAClientThatWaitsForItsTurn() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        // The JDK's client has one connection for all, and fails a request that is a stream too many.
        assertThat(ask("first").join().version()).isEqualTo(HttpClient.Version.HTTP_2);
        for (int turn = 0; turn < 5; turn++) {
            for (int i = 0; i < ConnectionConfig.MAX_STREAMS - 10; i++) {
                answers.add(ask(turn + "x" + i));
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);
        }

        assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
    }

    @Test
    void closesAConnectionOfRapidResetsWithoutHarmToOthers() throws Exception {
        assertThat(ask("before").join().statusCode()).isEqualTo(200);
        int goaway;
        try (RawHttp2 flood = connect()) {
            flood.acknowledge();
            Thread writer = new Thread(() -> flood.requestAndReset(QUESTION, FLOOD));
            writer.start();
            for (int i = 0; i < 50; i++) {
                assertThat(ask("during" + i).get(15, TimeUnit.SECONDS).statusCode())
                        .isEqualTo(200);
            }
            goaway = flood.goaway();
            writer.join(10_000);
            assertThat(writer.isAlive()).isFalse();
        }

        assertThat(goaway).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
        TestServer.until("nothing runs", () -> listener.http.running() == 0);
        assertThat(ask("after").join().statusCode()).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<String>> ask(String hashtag) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://127.0.0.1:" + listener.port() + QUESTION + hashtag))
                .timeout(Duration.ofSeconds(10))
                .build();
        return polite.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private RawHttp2 connect() throws IOException {
        SSLSocket socket =
                (SSLSocket) certificate.trust().getSocketFactory().createSocket("127.0.0.1", listener.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        return new RawHttp2(socket);
    }
}
