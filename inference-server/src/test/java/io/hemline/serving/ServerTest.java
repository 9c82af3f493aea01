package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hemline.serving.admin.AdminConfig;
import io.hemline.serving.edge.Edge.EdgeConfig;
import io.hemline.serving.features.FeaturesConfig;
import io.hemline.serving.http.HttpConfig;
import io.hemline.serving.lifecycle.StoreConfig;
import io.hemline.serving.security.AuthConfig;
import io.hemline.serving.security.AuthConfig.JwtConfig;
import io.hemline.serving.security.TlsCertificate.TlsConfig;
import io.hemline.serving.telemetry.AccessLog.AccessLogConfig;
import io.hemline.serving.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerTest {

    private static final int ASKERS = 6;

    @TempDir
    private Path folder;

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        ServerConfig config = TestServer.config(folder);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerConfig clashing =
                    changed(config, Map.of("admin", new AdminConfig("127.0.0.1", taken.getLocalPort())));

            assertThatThrownBy(() -> Server.start(clashing).close())
                    .isInstanceOf(StartException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": the port is in use, or the address is not of this machine");
        }
    }

    @Test
    void saysWhichSnapshotIsMissing() throws Exception {
        ServerConfig config = TestServer.config(folder);
        Path nowhere = folder.resolve("nowhere.jsonl.gz");
        ServerConfig without = changed(config, Map.of("features", FeaturesConfig.ofSnapshot(nowhere)));

        assertThatThrownBy(() -> Server.start(without).close()).hasMessage(nowhere + ": there is no such file");
    }

    @Test
    void saysWhichSettingNamesAFolderForTemporaryFilesThatIsNone() throws Exception {
        String usual = System.getProperty(TemporaryFiles.SETTING);
        Path file = Files.createFile(folder.resolve("file"));
        ServerConfig config = TestServer.config(folder);
        try {
            for (String folder : List.of("/nonexistent", file.toString(), "")) {
                System.setProperty(TemporaryFiles.SETTING, folder + (folder.isEmpty() ? "\0" : ""));

                assertThatThrownBy(() -> Server.start(config).close())
                        .isInstanceOf(StartException.class)
                        .hasMessageStartingWith("no temporary file can be made in " + folder)
                        .hasMessageEndingWith("; HEMLINE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another folder");
            }
        } finally {
            System.setProperty(TemporaryFiles.SETTING, usual);
        }
    }

    static Stream<Arguments> whatCannotBeOpened() {
        TlsConfig noPair = new TlsConfig(Path.of("nowhere.pem"), Path.of("nowhere.key"));
        return Stream.of(
                arguments(
                        "auth",
                        new AuthConfig(AuthConfig.Mode.API_KEY, false, Path.of("nowhere"), JwtConfig.defaults())),
                arguments("features", FeaturesConfig.ofSnapshot(Path.of("nowhere.jsonl.gz"))),
                arguments("store", changed(StoreConfig.defaults(), Map.of("publicKeys", "nowhere.pem"))),
                arguments(
                        "edge",
                        new EdgeConfig(
                                java.net.URI.create("http://localhost/__purge"),
                                Path.of("nowhere"),
                                Duration.ofSeconds(1))),
                arguments("admin", new AdminConfig("127.0.0.1", 0, noPair)),
                arguments("http", changed(HttpConfig.defaults(), Map.of("port", 0, "tls", noPair))));
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeOpened")
    void closesWhatItOpenedWhenSomethingCannotBe(String room, Record config) throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        ServerConfig usual = changed(
                TestServer.config(folder),
                Map.of(
                        "accessLog",
                        new AccessLogConfig(folder.resolve("access.log").toString(), 10)));
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        assertThatThrownBy(
                        () -> Server.start(changed(usual, Map.of(room, config))).close())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("nowhere");

        TestServer.until("no thread is left", () -> left(before).isEmpty());
    }

    private static List<String> left(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("hemline") || name.startsWith("vert"))
                .toList();
    }

    @Test
    void keepsAnInterruptThatComesWhileItClosesAndClosesAllTheSame() throws Exception {
        TestServer testServer = TestServer.of(folder, "good");
        int port = testServer.server().port();

        Thread.currentThread().interrupt();
        testServer.close();

        assertThat(Thread.interrupted()).isTrue();
        TestServer.until("nobody listens", () -> !listens(port));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void closesWhenItIsInterruptedInsteadOfToldToStop() throws Exception {
        TestServer testServer = TestServer.of(folder, "good");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> testServer.server().serveUntil(new StopSignal()))
                .isInstanceOf(InterruptedException.class);

        TestServer.until("nobody listens", () -> !listens(testServer.server().port()));
    }

    @Test
    void finishesTheRunningRequestsBeforeItEnds() throws Exception {
        TestServer testServer = TestServer.of(folder, "good");
        List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < ASKERS; i++) {
            String body = manySeries(i);
            askers.add(new Thread(
                    () -> answers.add(testServer.post("/v1/forecasts", body).statusCode())));
        }
        askers.forEach(Thread::start);
        TestServer.until(
                "all requests have come",
                () -> testServer.admin("/metrics").body().contains("result=\"miss\"} " + 64 * ASKERS + ".0"));

        testServer.close();

        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(answers).hasSize(ASKERS).containsOnly(200);
        assertThat(testServer.server().ready()).isFalse();
    }

    @Test
    void isNotReadyFirstAndStillAnswersForAWhileWhenItIsToldToStop() throws Exception {
        TestServer.copy(Path.of("../model-store/fixtures/store/good"), folder.resolve("store"));
        TestServer testServer = TestServer.with(folder, TestServer.config(folder, Duration.ofHours(1)));
        StopSignal stop = new StopSignal();
        Thread serving = new Thread(() -> {
            try {
                testServer.server().serveUntil(stop);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        serving.start();
        assertThat(testServer.get("/health/ready").statusCode()).isEqualTo(200);

        stop.give();
        TestServer.until(
                "it is not ready", () -> testServer.get("/health/ready").statusCode() == 503);

        HttpResponse<String> answered = testServer.post("/v1/forecasts", manySeries(1));
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.headers().firstValue("Connection")).hasValue("close");
        assertThat(testServer.get("/health/live").statusCode()).isEqualTo(200);
        serving.interrupt();
        serving.join();
        testServer.close();
    }

    private static String manySeries(int seed) {
        return IntStream.range(0, 64)
                .mapToObj(item -> "{\"series\":[" + seed + "," + item + ",3],\"last_week\":\"2026-11-16\"}")
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
    }
}
