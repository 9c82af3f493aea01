package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hemline.store.testing.Fixtures;
import io.hemline.store.testing.S3Server;
import io.hemline.store.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store, and the cache of a remote store, on a real disk that is full or read-only. */
class FullDiskTest {

    private static final int STORE_KIB = 1024;
    private static final int CACHE_KIB = 1000;

    @TempDir
    Path folder;

    @Test
    void aPointerThatCannotBeWrittenStaysAsItWas() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), STORE_KIB)) {
            ModelStore store = ModelStore.inFolder(Fixtures.copy("good", folder.resolve("disk/store")));
            store.promote("trend", 2, Channel.STABLE);
            disk.fill();

            assertThatThrownBy(() -> store.promote("trend", 1, Channel.STABLE))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("No space left");
            assertThatThrownBy(() -> store.rollback("trend", Channel.STABLE)).isInstanceOf(StoreException.class);

            assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
            assertThat(names(folder.resolve("disk/store/trend/channels"))).containsExactly("stable");

            disk.empty();
            assertThat(store.rollback("trend", Channel.STABLE)).isEqualTo(1);
            assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
        }
    }

    @Test
    void aReadOnlyStoreIsReadAndKeepsItsPointer() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), STORE_KIB)) {
            ModelStore store = ModelStore.inFolder(Fixtures.copy("good", folder.resolve("disk/store")));
            disk.readOnly(true);

            assertThatThrownBy(() -> store.promote("trend", 2, Channel.STABLE))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Read-only");
            assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
            assertThat(store.verify("trend", 1).version()).isEqualTo(1);

            disk.readOnly(false);
            store.promote("trend", 2, Channel.STABLE);
            assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
        }
    }

    @Test
    void aFullCacheIsReportedAndItsVersionsStayUsable() throws IOException {
        try (S3Server server = S3Server.start(folder);
                SmallDisk disk = SmallDisk.mount(folder.resolve("cache"), CACHE_KIB)) {
            S3Bucket bucket = new S3Bucket(server);
            bucket.upload(Fixtures.store("good"));
            ModelStore store = bucket.store(folder.resolve("cache"));
            store.promote("trend", 1, Channel.STABLE);
            assertThat(store.desired("trend", Channel.STABLE)).hasValue(1);
            disk.fill();

            assertThatThrownBy(() -> store.verify("trend", 2))
                    .isInstanceOf(StoreException.class)
                    .isNotInstanceOf(S3Objects.Unreachable.class)
                    .hasMessageContaining("cannot keep version 2")
                    .hasMessageContaining("No space left");
            bucket.write("trend/channels/stable", "2\n");
            assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
            assertThat(store.verify("trend", 1).version()).isEqualTo(1);
            assertThat(store.lastKnown("trend", Channel.STABLE)).hasValue(1);

            disk.empty();
            Files.delete(store.verify("trend", 1).forecaster());
            assertThat(store.verify("trend", 1).version()).isEqualTo(1);
            assertThat(store.desired("trend", Channel.STABLE)).hasValue(2);
            assertThat(store.lastKnown("trend", Channel.STABLE)).hasValue(2);
        }
    }

    private static Stream<String> names(Path folder) throws IOException {
        return Folders.entries(folder).stream().map(path -> path.getFileName().toString());
    }
}
