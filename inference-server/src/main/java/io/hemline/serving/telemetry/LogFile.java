package io.hemline.serving.telemetry;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file opened for appending, or the standard output. A file that was moved or removed, as {@code logrotate} does, is
 * created again.
 *
 * <p>Confined to the writer thread.
 */
final class LogFile implements AutoCloseable {

    private final @Nullable Path path;
    private OutputStream out;
    private @Nullable Object fileKey;

    private LogFile(@Nullable Path path, OutputStream out) {
        this.path = path;
        this.out = requireNonNull(out, "out");
        this.fileKey = path == null ? null : fileKey(path);
    }

    /** Opens the file and creates it if it is missing. */
    static LogFile of(Path path) throws IOException {
        return new LogFile(path, open(path));
    }

    /** The standard output. */
    static LogFile stdout() {
        return new LogFile(null, new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    }

    private static OutputStream open(Path path) throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    void write(byte[] line) throws IOException {
        out.write(line);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Opens the path again if it names another file than the open one, or none. */
    void reopenIfMoved() throws IOException {
        if (path == null) {
            return;
        }
        Object current = fileKey(path);
        if (current != null && current.equals(fileKey)) {
            return;
        }
        try {
            out.close();
        } finally {
            out = open(path);
            fileKey = fileKey(path);
        }
    }

    /** The inode or its like, the path where the file system has none; {@code null} if there is no file. */
    private static @Nullable Object fileKey(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.fileKey() == null ? path : attributes.fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** The standard output is flushed only: the server's own log uses it too. */
    @Override
    public void close() throws IOException {
        if (path == null) {
            out.flush();
            return;
        }
        out.close();
    }
}
