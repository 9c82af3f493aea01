package io.hemline.serving.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private Path file;
    private String inForce = "old";
    private WatchedFiles watched;

    @BeforeEach
    void watch(@TempDir Path folder) throws IOException {
        file = Files.writeString(folder.resolve("keys"), "old");
        watched = new WatchedFiles(vertx, "keys", List.of(file), this::read, meters);
    }

    @AfterEach
    void close() {
        watched.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void readsWhatHasChangedOnce() throws IOException {
        assertThat(watched.look()).isFalse();

        Files.writeString(file, "newer");

        assertThat(watched.look()).isTrue();
        assertThat(watched.look()).isFalse();
        assertThat(inForce).isEqualTo("newer");
        assertThat(count("done")).isEqualTo(1);
    }

    @Test
    void keepsWhatIsInForceWhenTheFileIsBadOrGone() throws IOException {
        Files.writeString(file, "bad");
        assertThat(watched.look()).isTrue();
        Files.delete(file);
        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("old");
        assertThat(count("failed")).isEqualTo(2);

        Files.writeString(file, "good");

        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("good");
    }

    private Object read() throws IOException {
        String text = Files.readString(file);
        if (text.equals("bad")) {
            throw new IllegalArgumentException("line 1: bad");
        }
        inForce = text;
        return text;
    }

    private double count(String outcome) {
        return meters.counter("access.reload", "what", "keys", "outcome", outcome)
                .count();
    }
}
