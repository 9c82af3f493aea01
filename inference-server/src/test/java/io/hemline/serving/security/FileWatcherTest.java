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

class FileWatcherTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx();
    private Path file;
    private String inForce = "old";
    private @Nullable IOException fault;
    private @Nullable String nextContent;
    private FileWatcher watcher;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        file = Files.writeString(folder.resolve("keys"), "old");
        watcher = new FileWatcher(vertx, "keys", List.of(file), this::reload, meters);
    }

    @AfterEach
    void close() {
        watcher.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void reloadsAChangedFileOnce() throws IOException {
        assertThat(watcher.check()).isFalse();

        Files.writeString(file, "newer");

        assertThat(watcher.check()).isTrue();
        assertThat(watcher.check()).isFalse();
        assertThat(inForce).isEqualTo("newer");
        assertThat(count("done")).isEqualTo(1);
    }

    @Test
    void keepsTheOldContentAndRetriesWhileTheFileIsInvalidOrMissing() throws IOException {
        Files.writeString(file, "bad");
        assertThat(watcher.check()).isTrue();
        assertThat(watcher.check()).isTrue();
        Files.delete(file);
        assertThat(watcher.check()).isTrue();
        assertThat(inForce).isEqualTo("old");
        assertThat(count("failed")).isEqualTo(3);

        Files.writeString(file, "good");

        assertThat(watcher.check()).isTrue();
        assertThat(watcher.check()).isFalse();
        assertThat(inForce).isEqualTo("good");
    }

    @Test
    void retriesAFailedReloadOfAnUnchangedFile() throws IOException {
        Files.writeString(file, "without the revoked key");
        fault = new IOException("stale file handle");
        assertThat(watcher.check()).isTrue();
        assertThat(inForce).isEqualTo("old");

        fault = null;

        assertThat(watcher.check()).isTrue();
        assertThat(inForce).isEqualTo("without the revoked key");
        assertThat(watcher.check()).isFalse();
    }

    @Test
    void reloadsAFileThatChangesDuringAReload() throws IOException {
        Files.writeString(file, "half");
        nextContent = "the whole";
        assertThat(watcher.check()).isTrue();
        assertThat(inForce).isEqualTo("half");

        assertThat(watcher.check()).isTrue();
        assertThat(inForce).isEqualTo("the whole");
    }

    private Object reload() throws IOException {
        IOException transientFault = fault;
        if (transientFault != null) {
            throw transientFault;
        }
        String text = Files.readString(file);
        if (nextContent != null) {
            Files.writeString(file, nextContent);
            nextContent = null;
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
