package io.hemline.importer.snapshot;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a whole file or nothing: to a temporary file in the same folder, which replaces the file once it is on the disk.
 * The temporary file is removed on a failure, and when the process is interrupted.
 */
final class AtomicFile {

    private AtomicFile() {}

    /** Writes the file, in a folder that is made if needed. */
    static void write(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("it is no file");
        }
        Files.createDirectories(folder);
        Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Thread removal = new Thread(() -> remove(temporary), "remove-temporary-file");
        register(removal);
        try {
            write(temporary, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            force(temporary, StandardOpenOption.WRITE);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceName(folder);
        } finally {
            remove(temporary);
            release(removal);
        }
    }

    private static void write(Path temporary, Content content, StandardOpenOption... options) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary, options))) {
            content.writeTo(out);
        }
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    /** Makes the new name durable; the file is complete even where a folder cannot be forced to the disk. */
    private static void forceName(Path folder) {
        try {
            force(folder, StandardOpenOption.READ);
        } catch (IOException ignored) {
            // Windows opens no folders.
        }
    }

    private static void remove(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException ignored) {
            // Why the file could not be written is told; this failure would hide it.
        }
    }

    private static void register(Thread removal) throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(removal);
        } catch (IllegalStateException e) {
            throw new IOException("the process is ending", e);
        }
    }

    private static void release(Thread removal) {
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException ignored) {
            // The process is ending, and the thread removes the file.
        }
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {

        void writeTo(OutputStream out) throws IOException;
    }
}
