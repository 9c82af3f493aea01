package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.store.testing.Fixtures;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant: a promotion that succeeded beside a prune names a version that is still there. */
class PruneRaceTest {

    private static final int ROUNDS = 20;

    @TempDir
    Path root;

    @Test
    void aPromotedVersionSurvivesAPruneAtTheSameTime() throws Exception {
        ModelStore store = ModelStore.inFolder(Fixtures.copy("good", root));
        store.promote("trend", 2, Channel.STABLE);
        ExecutorService pruner = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Future<?> pruned = pruner.submit(() -> store.prune("trend", 1));
                boolean promoted = promotes(store);
                pruned.get();

                if (promoted) {
                    assertThat(store.verify("trend", 1).version()).isEqualTo(1);
                }
                store.promote("trend", 2, Channel.STABLE);
                if (store.versions("trend").size() == 1) {
                    Fixtures.addVersion(root, 2, 1);
                }
            }
        } finally {
            pruner.shutdownNow();
        }
    }

    private static boolean promotes(ModelStore store) {
        try {
            store.promote("trend", 1, Channel.STABLE);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }
}
