package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant: a reader of a pointer that is being replaced sees a whole version number, and never an older one again.
 */
class PointerFileTest {

    private static final int READERS = 8;
    private static final int WRITES = 100;

    @TempDir
    Path folder;

    @Test
    void readersSeeTheOldOrTheNewVersionWhileItIsReplaced() throws Exception {
        PointerFile pointer = new PointerFile(folder, Channel.STABLE);
        pointer.write(1);
        AtomicBoolean writing = new AtomicBoolean(true);
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                reads.add(readers.submit(() -> readWhile(writing, pointer)));
            }
            for (int version = 2; version <= WRITES; version++) {
                pointer.write(version * 1000);
            }
            writing.set(false);

            for (Future<Integer> read : reads) {
                assertThat(read.get()).isPositive();
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void aLinkToAFileIsFollowedAsAConfigMapIsMounted() throws IOException {
        Path data = Files.createDirectory(folder.resolve("..2026_12_01"));
        Files.writeString(data.resolve("stable"), "7\n");
        Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
        Files.createSymbolicLink(folder.resolve("stable"), Path.of("..data/stable"));
        PointerFile pointer = new PointerFile(folder, Channel.STABLE);

        assertThat(pointer.read()).hasValue(7);

        Path next = Files.createDirectory(folder.resolve("..2026_12_02"));
        Files.writeString(next.resolve("stable"), "8");
        Files.createSymbolicLink(folder.resolve("..tmp"), next.getFileName());
        Files.move(folder.resolve("..tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(pointer.read()).hasValue(8);
    }

    @Test
    void aLinkIsReplacedAndNeverWrittenThrough() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "7\n");
        Files.createSymbolicLink(folder.resolve("stable"), target);
        PointerFile pointer = new PointerFile(folder, Channel.STABLE);

        pointer.write(9);

        assertThat(pointer.read()).hasValue(9);
        assertThat(folder.resolve("stable")).isRegularFile();
        assertThat(Files.isSymbolicLink(folder.resolve("stable"))).isFalse();
        assertThat(target).content().isEqualTo("7\n");
    }

    @Test
    void aLinkToNothingOrToOtherContentIsRefusedAndItsTargetNotShown() throws IOException {
        Path link = folder.resolve("stable");
        PointerFile pointer = new PointerFile(folder, Channel.STABLE);

        Files.createSymbolicLink(link, folder.resolve("none"));
        assertThatThrownBy(pointer::read).isInstanceOf(StoreException.class).hasMessageContaining("link to nothing");

        Files.writeString(folder.resolve("secret"), "s3cr3t");
        Files.delete(link);
        Files.createSymbolicLink(link, folder.resolve("secret"));
        assertThatThrownBy(pointer::read)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("must hold one version number")
                .hasMessageNotContaining("s3cr3t");

        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("/dev/zero"));
        assertThatThrownBy(pointer::read).hasMessageContaining("is not a plain file");
        Files.delete(link);
        Files.createSymbolicLink(link, link);
        assertThatThrownBy(pointer::read).isInstanceOf(StoreException.class);
        Files.delete(link);
        Files.createDirectory(link);
        assertThatThrownBy(pointer::read).hasMessageContaining("is not a plain file");
    }

    @Test
    void aNumberThatNoReaderTakesForAVersionIsNeverWritten() {
        PointerFile pointer = new PointerFile(folder, Channel.STABLE);

        for (int version : new int[] {0, -1, 1_000_000_000, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> pointer.write(version)).hasMessageContaining("1 to 999999999, not " + version);
        }
        assertThat(folder).isEmptyDirectory();
        pointer.write(999_999_999);
        assertThat(pointer.read()).hasValue(999_999_999);
    }

    private static int readWhile(AtomicBoolean writing, PointerFile pointer) {
        int reads = 0;
        int last = 0;
        do {
            OptionalInt version = pointer.read();
            assertThat(version).isPresent();
            assertThat(version.getAsInt()).isGreaterThanOrEqualTo(last);
            last = version.getAsInt();
            reads++;
        } while (writing.get());
        return reads;
    }
}
