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
import java.util.regex.Pattern;

/** The file of one channel: one line with a version number, replaced as a whole. Immutable. */
record PointerFile(Path folder, Channel channel) {

    static final Pattern CONTENT = Pattern.compile("[1-9][0-9]{0,8}\n?");
    private static final int MAX_BYTES = 64;

    Path path() {
        return folder.resolve(channel.path());
    }

    /**
     * The version, or empty when there is no such file. A link to a file is followed, since that is how a file of a
     * ConfigMap is mounted; what it leads to is a version number or is not shown.
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
        if (!CONTENT.matcher(content).matches()) {
            throw new StoreException(
                    Files.isSymbolicLink(path())
                            ? "channel file " + path() + " must hold one version number; it is a link to something else"
                            : garbled(path().toString(), content));
        }
        return OptionalInt.of(Integer.parseInt(content.strip()));
    }

    static String garbled(String place, String content) {
        return "channel file " + place + " must hold one version number, holds \"" + content.replace("\n", "\\n")
                + "\"; promote a version to mend it";
    }

    /** Replaces the content so that a reader sees the old version or the new one, also after a power cut. */
    void write(int version) {
        FolderStore.checkVersion(version);
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
