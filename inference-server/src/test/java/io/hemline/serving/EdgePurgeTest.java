package io.hemline.serving;

import static io.hemline.serving.testing.Changed.changed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.serving.edge.Edge.EdgeConfig;
import io.hemline.serving.edge.testing.StubEdge;
import io.hemline.serving.edge.testing.StubEdge.Received;
import io.hemline.serving.testing.TestServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The purges of a whole server. */
class EdgePurgeTest {

    @TempDir
    private Path folder;

    @Test
    void aSwapPurgesSoftlyAndARollbackHard() throws Exception {
        try (StubEdge edge = StubEdge.start()) {
            TestServer.copy(Path.of("../model-store/demo/store"), folder.resolve("store"));
            TestServer.point(folder, 1);
            try (TestServer testServer = TestServer.with(folder, config(edge))) {
                until(edge, 1);
                assertThat(testServer.server().models().settled()).containsExactly(1);

                TestServer.point(folder, 2);
                until(edge, 2);
                TestServer.point(folder, 1);
                until(edge, 3);

                assertThat(edge.received())
                        .extracting(Received::summary)
                        .containsExactly("soft version:1 [1]", "soft model:trend [2]", "hard version:2 [1]");
                assertThat(testServer.admin("/metrics").body()).contains("edge_purge_total{outcome=\"done\"} 3.0");
            }
        }
    }

    @Test
    void announcesNoVersionsWhileItServesAFallback() throws Exception {
        try (StubEdge edge = StubEdge.start()) {
            TestServer.copy(Path.of("../model-store/demo/store"), folder.resolve("store"));
            TestServer.point(folder, 9);
            try (TestServer testServer = TestServer.with(folder, config(edge))) {
                assertThat(testServer.server().models().live()).isTrue();
                assertThat(testServer.server().models().settled()).isEmpty();

                TestServer.point(folder, 2);
                until(edge, 1);

                assertThat(edge.received()).extracting(Received::summary).containsExactly("soft version:2 [2]");
            }
        }
    }

    @Test
    void doesNotStartWithoutItsSecret() throws Exception {
        ServerConfig config = purging(URI.create("http://127.0.0.1:1/__purge"), folder.resolve("none"));

        assertThatThrownBy(() -> Server.start(config))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("edge.purge-secret-file");
    }

    private ServerConfig config(StubEdge edge) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hush\n");
        return purging(edge.url(), secret);
    }

    private ServerConfig purging(URI url, Path secret) throws Exception {
        return changed(TestServer.config(folder), Map.of("edge", new EdgeConfig(url, secret, Duration.ofSeconds(5))));
    }

    private static void until(StubEdge edge, int purges) throws InterruptedException {
        TestServer.until(purges + " purges came", () -> edge.received().size() >= purges);
    }
}
