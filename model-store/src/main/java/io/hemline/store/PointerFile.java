package io.hemline.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalInt;
import java.util.UUID;

/** The pointer of one channel in a file: one line with a version number, replaced as a whole. Immutable. */
record PointerFile(Path folder, Channel channel) {

    private static final int MAX_BYTES = 64;

    Path path() {
        return folder.resolve(channel.path());
    }

    /**
     * The version, or empty if there is no such file. A link to a file is followed, since Kubernetes mounts a
     * ConfigMap's files as links; messages never show the content of the target.
     */
    OptionalInt read() {
        String content;
        try {
            if (!Files.readAttributes(path(), BasicFileAttributes.class).isRegularFile()) {
                throw new StoreException("channel file " + path() + " is not a plain file nor a link to one");
            }
            try (var in = Files.newInputStream(path())) {
                content = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            }
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(path())) {
                throw new StoreException("channel file " + path() + " is a link to nothing", e);
            }
            return OptionalInt.empty();
        } catch (IOException e) {
            throw new StoreException("cannot read channel file " + path() + ": " + e, e);
        }
        OptionalInt version = Pointer.parse(content);
        if (version.isPresent()) {
            return version;
        }
        throw Files.isSymbolicLink(path())
                ? new StoreException(
                        "channel file " + path() + " must hold one version number; it is a link to something else")
                : Pointer.garbled(path().toString(), content);
    }

    /** Replaces the content so that a reader sees the old version or the new one, also after a power cut. */
    void write(int version) {
        StoreLayout.checkVersion(version);
        try {
            Files.createDirectories(folder);
            Path next = folder.resolve("." + channel.path() + "." + UUID.randomUUID());
            try {
                write(next, version);
                Files.move(next, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(next);
            }
            Folders.sync(folder);
        } catch (IOException e) {
            throw new StoreException("cannot write channel file " + path() + ": " + e, e);
        }
    }

    private static void write(Path file, int version) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(version + "\n"));
            channel.force(true);
        }
    }
}
