package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A temporary folder that only this user can enter, deleted on close. Thread-safe: it keeps no state but its path and
 * its lock.
 */
public final class PrivateFolder implements AutoCloseable {

    /*
     * The folder of a killed process remains. The next process that makes a folder deletes it. A file lock
     * marks a folder in use; it ends with the process that holds it, also in another container. A folder that was made
     * within the last minute may not be locked yet and is left alone. Closing any handle on a file releases all locks
     * that the process has on it, so a process never tries the locks of its own folders.
     */
    private static final String PREFIX = "hemline-version-";
    private static final String LOCK = "lock";
    private static final Duration MIN_AGE = Duration.ofMinutes(1);
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path whole;
    private final Path path;
    private final FileChannel lock;

    private PrivateFolder(Path whole, FileChannel lock, Path path) {
        this.whole = whole;
        this.lock = lock;
        this.path = path;
    }

    /**
     * Makes a folder in {@code java.io.tmpdir}, and deletes the folders that killed processes of this user left there.
     */
    public static PrivateFolder make() {
        return make(Path.of(requireNonNull(System.getProperty("java.io.tmpdir"), "java.io.tmpdir")));
    }

    static PrivateFolder make(Path parent) {
        try {
            // Java creates it with mode 700.
            Path whole = Files.createTempDirectory(parent, PREFIX);
            OWN.add(whole);
            try {
                sweep(parent, Files.getOwner(whole));
                return locked(whole);
            } catch (IOException e) {
                OWN.remove(whole);
                Folders.delete(whole);
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(
                    "cannot make a private folder in " + parent + ", which java.io.tmpdir names: " + e, e);
        }
    }

    @SuppressWarnings("resource") // the lock is closed with the folder
    private static PrivateFolder locked(Path whole) throws IOException {
        FileChannel lock =
                FileChannel.open(whole.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return new PrivateFolder(whole, lock, Files.createDirectory(whole.resolve("files")));
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    private static void sweep(Path parent, UserPrincipal self) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (!OWN.contains(folder)) {
                    deleteIfAbandoned(folder, self);
                }
            }
        }
    }

    private static void deleteIfAbandoned(Path folder, UserPrincipal self) {
        try {
            Instant changed =
                    Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant();
            boolean candidate = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(self)
                    && changed.isBefore(Instant.now().minus(MIN_AGE));
            if (candidate && isUnlocked(folder.resolve(LOCK))) {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            // Another process deleted it just now, or it cannot be deleted; the next process tries again.
            return;
        }
    }

    private static boolean isUnlocked(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Deletes the folder with its content; files that cannot be deleted are left to the next process. */
    @Override
    public void close() {
        try (lock) {
            Folders.delete(whole);
        } catch (IOException e) {
            return;
        } finally {
            OWN.remove(whole);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
