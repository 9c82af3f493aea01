package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant: whoever reads a pointer while it is replaced sees a whole version number, and never an older one again. */
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
