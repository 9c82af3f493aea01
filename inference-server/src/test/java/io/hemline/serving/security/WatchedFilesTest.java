package io.hemline.serving.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFilesTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private Path file;
    private String inForce = "old";
    private @Nullable IOException fault;
    private @Nullable String meanwhile;
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
    void keepsWhatIsInForceWhileTheFileIsBadOrGoneAndTriesItAgain() throws IOException {
        Files.writeString(file, "bad");
        assertThat(watched.look()).isTrue();
        assertThat(watched.look()).isTrue();
        Files.delete(file);
        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("old");
        assertThat(count("failed")).isEqualTo(3);

        Files.writeString(file, "good");

        assertThat(watched.look()).isTrue();
        assertThat(watched.look()).isFalse();
        assertThat(inForce).isEqualTo("good");
    }

    @Test
    void readsAChangeThatCouldNotBeReadAtFirstThoughTheFileStaysAsItIs() throws IOException {
        Files.writeString(file, "without the key that was taken back");
        fault = new IOException("stale file handle");
        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("old");

        fault = null;

        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("without the key that was taken back");
        assertThat(watched.look()).isFalse();
    }

    @Test
    void readsAgainWhatChangedWhileItWasRead() throws IOException {
        Files.writeString(file, "half");
        meanwhile = "the whole";
        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("half");

        assertThat(watched.look()).isTrue();
        assertThat(inForce).isEqualTo("the whole");
    }

    private Object read() throws IOException {
        IOException passing = fault;
        if (passing != null) {
            throw passing;
        }
        String text = Files.readString(file);
        if (meanwhile != null) {
            Files.writeString(file, meanwhile);
            meanwhile = null;
        }
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
