package io.hemline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    @TempDir
    Path parent;

    @Test
    void isEmptyAndAccessibleToItsOwnerOnlyAndDeletedOnClose() throws IOException {
        try (PrivateFolder folder = PrivateFolder.make(parent)) {
            assertThat(folder.path()).isEmptyDirectory();
            Path whole = folder.path().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(whole)))
                    .isEqualTo("rwx------");
            Files.writeString(folder.path().resolve("graph.onnx"), "bytes");
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void deletesOnlyTheFoldersOfKilledProcesses() throws Exception {
        Path unlocked = abandoned("hemline-version-1", true);
        Path neverLocked = abandoned("hemline-version-2", false);
        Path other = abandoned("other", true);
        Path justMade = Files.createDirectory(parent.resolve("hemline-version-3"));
        Path link = Files.createSymbolicLink(parent.resolve("hemline-version-4"), other);

        try (PrivateFolder own = PrivateFolder.make(parent);
                PrivateFolder second = PrivateFolder.make(parent)) {
            assertThat(own.path()).isDirectory();
            assertThat(second.path()).isDirectory();
        }

        assertThat(unlocked).doesNotExist();
        assertThat(neverLocked).doesNotExist();
        assertThat(List.of(other, justMade, link)).allMatch(Files::exists);
    }

    @Test
    void leavesTheFolderOfARunningProcessAlone() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process rival = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(), parent.toString())
                .redirectErrorStream(true)
                .start();
        try {
            Path held = Path.of(rival.inputReader().readLine());
            Files.setLastModifiedTime(held.getParent(), LONG_AGO);

            PrivateFolder.make(parent).close();
            assertThat(held).isDirectory();

            rival.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            Files.setLastModifiedTime(held.getParent(), LONG_AGO);
            PrivateFolder.make(parent).close();
            assertThat(held).doesNotExist();
        } finally {
            rival.destroyForcibly();
        }
    }

    @Test
    void reportsTheSettingOfAnUnusableFolder() {
        assertThatThrownBy(() -> PrivateFolder.make(parent.resolve("none")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(parent.resolve("none").toString())
                .hasMessageContaining("java.io.tmpdir");
    }

    private Path abandoned(String name, boolean lock) throws IOException {
        Path folder = Files.createDirectory(parent.resolve(name));
        Files.writeString(Files.createDirectory(folder.resolve("files")).resolve("graph.onnx"), "bytes");
        if (lock) {
            Files.createFile(folder.resolve("lock"));
        }
        return Files.setLastModifiedTime(folder, LONG_AGO);
    }

    /** A process that holds a folder until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            PrivateFolder folder = PrivateFolder.make(Path.of(arguments[0]));
            System.out.println(folder.path());
            Thread.sleep(60_000);
        }
    }
}
