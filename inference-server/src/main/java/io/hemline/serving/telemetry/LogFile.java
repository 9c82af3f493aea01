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
 * A file that lines are added to, or the standard output. When somebody moves or removes the file, as {@code logrotate}
 * does, it is made anew.
 *
 * <p>Confined to the thread that writes.
 */
final class LogFile implements AutoCloseable {

    private final @Nullable Path path;
    private OutputStream out;
    private @Nullable Object key;

    private LogFile(@Nullable Path path, OutputStream out) {
        this.path = path;
        this.out = requireNonNull(out, "out");
        this.key = path == null ? null : keyOf(path);
    }

    /** Opens the file, or makes it. */
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

    /** Goes on in a new file when the old one is no more where it was. */
    void follow() throws IOException {
        if (path == null) {
            return;
        }
        Object now = keyOf(path);
        if (now != null && now.equals(key)) {
            return;
        }
        try {
            out.close();
        } finally {
            out = open(path);
            key = keyOf(path);
        }
    }

    /** What tells files apart that had the same name one after another; {@code null} where there is no file. */
    private static @Nullable Object keyOf(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.fileKey() == null ? path : attributes.fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** The standard output stays open: the log of the server goes there too. */
    @Override
    public void close() throws IOException {
        if (path == null) {
            out.flush();
            return;
        }
        out.close();
    }
}
