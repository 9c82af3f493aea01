package io.hemline.importer.table;

import io.hemline.importer.report.ImportException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file that may be gzipped.
 *
 * <p>Immutable.
 */
final class SourceFile {

    static final int HEAD_BYTES = 1 << 16;

    private static final long MAX_BYTES = 16L << 30;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;

    SourceFile(Path file) {
        this.file = file;
    }

    /** The file's name without its folder, free of control characters. */
    String name() {
        Path name = file.getFileName();
        return printable(name == null ? file.toString() : name.toString());
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
    }

    long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The content, unpacked. */
    InputStream open() throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        raw.mark(2);
        boolean gzipped = raw.read() == 0x1F && raw.read() == 0x8B;
        raw.reset();
        return gzipped
                ? new BoundedStream(new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES))
                : raw;
    }

    /** The first bytes of the content. */
    byte[] head() throws IOException {
        try (InputStream in = open()) {
            return in.readNBytes(HEAD_BYTES);
        }
    }

    /** A file with the content for readers that seek: this one, or a temporary copy that is deleted at the exit. */
    Path seekable() throws IOException {
        try (InputStream in = open()) {
            if (!(in instanceof BoundedStream)) {
                return file;
            }
            Path copy = Files.createTempFile("hemline-import-", ".tmp");
            copy.toFile().deleteOnExit();
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        }
    }

    ImportException unreadable(Exception cause) {
        String reason = cause instanceof EOFException
                ? "it ends too early; copy or download it again"
                : cause instanceof ZipException
                        ? "it is damaged (" + cause.getMessage() + ")"
                        : String.valueOf(cause.getMessage());
        return new ImportException(
                name() + ": cannot be read: "
                        + printable(reason.lines().findFirst().orElse("")),
                cause);
    }

    /** Ends with an error beyond 16 GiB. */
    private static final class BoundedStream extends FilterInputStream {

        private long bytes;

        BoundedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws IOException {
            bytes += read;
            if (bytes > MAX_BYTES) {
                throw new IOException("unpacked it has over 16 GiB");
            }
        }
    }
}
