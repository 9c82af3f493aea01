package io.hemline.importer;

import io.hemline.importer.report.ImportException;
import io.hemline.importer.snapshot.SnapshotFile;
import io.hemline.importer.snapshot.TrendRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a snapshot, locked against a second import unless it is only read.
 *
 * <p>Confined to one thread.
 */
final class SnapshotFolder implements Destination {

    private static final String SNAPSHOT = "features.jsonl.gz";
    private static final String LOCK = ".import.lock";

    private final Path file;
    private final boolean replace;
    private final @Nullable FileChannel lock;
    private int before;

    private SnapshotFolder(Path folder, boolean replace, @Nullable FileChannel lock) {
        this.file = folder.resolve(SNAPSHOT);
        this.replace = replace;
        this.lock = lock;
    }

    /** For a run that writes nothing: neither created nor locked. */
    static SnapshotFolder reading(Path folder, boolean replace) {
        return new SnapshotFolder(folder, replace, null);
    }

    /** Creates the folder if it is missing, and locks it. */
    static SnapshotFolder locked(Path folder, boolean replace) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return new SnapshotFolder(folder, replace, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new ImportException("--out: " + folder + " cannot be written to: " + e, e);
        }
        throw new ImportException("--out: another import is writing to " + folder + "; try again when it has ended");
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by another import of this process
        }
    }

    @Override
    public List<TrendRecord> earlier(Set<TrendName> names) {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<TrendRecord> trends = replace ? List.of() : SnapshotFile.read(file);
        before = trends.size();
        return trends;
    }

    @Override
    public List<String> write(Collection<TrendRecord> trends) {
        SnapshotFile.write(file, trends);
        String merged = before == 0 ? "" : String.format(Locale.ROOT, ", merged with an earlier import of %,d", before);
        return List.of(
                String.format(
                        Locale.ROOT,
                        "wrote %s: %,d %s%s",
                        file,
                        trends.size(),
                        trends.size() == 1 ? "trend" : "trends",
                        merged),
                "serve: ./hemline serve --set features.snapshot=" + file + "   then open http://127.0.0.1:8080/");
    }

    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new ImportException(file + ": the lock cannot be released: " + e, e);
            }
        }
    }
}
