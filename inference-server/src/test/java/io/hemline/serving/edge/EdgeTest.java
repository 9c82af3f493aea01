package io.hemline.serving.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.edge.Edge.EdgeConfig;
import io.hemline.serving.edge.testing.StubEdge;
import io.hemline.serving.edge.testing.StubEdge.Received;
import io.hemline.serving.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeTest {

    @TempDir
    private Path folder;

    @Test
    void signsWithTheCurrentContentOfTheSecretFile() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "old\n");
        Vertx vertx = Vertx.vertx();
        try (StubEdge stub = StubEdge.start();
                Edge edge = Edge.open(
                        new EdgeConfig(stub.url(), file, Duration.ofSeconds(2)),
                        vertx,
                        "trend",
                        () -> new TreeSet<>(List.of(7)),
                        Clock.systemUTC(),
                        new SimpleMeterRegistry())) {
            TestServer.until("the first purge came", () -> stub.received().size() == 1);

            Files.writeString(file, "new\n");
            edge.featuresChanged("vn");
            TestServer.until("the second purge came", () -> stub.received().size() == 2);

            assertThat(stub.received().stream().map(EdgeTest::secretOf)).containsExactly("old", "new");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static String secretOf(Received purge) {
        return List.of("old", "new").stream()
                .filter(secret -> new PurgeSender.Signature(secret)
                        .header(purge.signedAt(), purge.body())
                        .equals(purge.signature()))
                .findAny()
                .orElse("neither");
    }
}
