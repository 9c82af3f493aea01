package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * A disk cache of a remote store's versions, laid out as a store in a folder, with the pointers as they were last read.
 * Thread-safe: it keeps no state but the folder's path; versions appear by a rename, also between processes.
 */
final class ArtifactCache {

    /** Cached versions of each model: the live one, its predecessor, and some that an operator inspects. */
    static final int MAX_VERSIONS = 5;

    private static final String STAGING = ".staging-";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path root;

    /** A cache below {@code folder} for the store at a URL. */
    ArtifactCache(Path folder, String url) {
        requireNonNull(folder, "folder");
        String readable = url.replaceAll("[^A-Za-z0-9.-]+", "_");
        String digest = Digest.of(url.getBytes(StandardCharsets.UTF_8));
        this.root = folder.resolve(readable + "-" + digest.substring(0, 12));
    }

    Path folder(String model, int version) {
        return root.resolve(StoreLayout.version(model, version));
    }

    boolean contains(String model, int version) {
        return Files.isDirectory(folder(model, version));
    }

    /** An empty folder to download into. */
    Path stage(String model) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(versions(model)), STAGING);
    }

    /** Moves a verified folder to the place of its version, and evicts the versions that were used longest ago. */
    Path put(String model, int version, Path staged) throws IOException {
        Path folder = folder(model, version);
        try {
            Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(folder)) {
                throw e;
            }
            // Another process put it there, or the copy there is corrupt: this one is verified.
            Path aside = stage(model);
            Files.move(folder, aside.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
            Folders.delete(aside);
        }
        touch(model, version);
        evict(model, folder);
        return folder;
    }

    /** Marks a version as used now. */
    void touch(String model, int version) throws IOException {
        Files.setLastModifiedTime(folder(model, version), FileTime.from(Instant.now()));
    }

    /** Stores the version that a channel's pointer names. */
    void recordPointer(String model, Channel channel, int version) {
        PointerFile pointer = pointer(model, channel);
        if (!lastPointer(model, channel).equals(OptionalInt.of(version))) {
            pointer.write(version);
        }
    }

    /** The version that the channel's pointer named when it was last recorded. */
    OptionalInt lastPointer(String model, Channel channel) {
        try {
            return pointer(model, channel).read();
        } catch (StoreException e) {
            return OptionalInt.empty();
        }
    }

    /** Spares the version that was just put, even if a clock that was set back makes it the oldest. */
    private void evict(String model, Path added) throws IOException {
        List<Path> versions = new ArrayList<>();
        Instant abandoned = Instant.now().minus(ABANDONED);
        for (Path entry : Folders.entries(versions(model))) {
            if (StoreLayout.isVersion(entry.getFileName().toString())) {
                versions.add(entry);
            } else if (lastUsed(entry).isBefore(abandoned)) {
                Folders.delete(entry);
            }
        }
        versions.sort(Comparator.<Path, Boolean>comparing(added::equals)
                .thenComparing(ArtifactCache::lastUsed)
                .reversed());
        for (Path old : versions.subList(Math.min(MAX_VERSIONS, versions.size()), versions.size())) {
            Folders.delete(old);
        }
    }

    private static Instant lastUsed(Path folder) {
        try {
            return Files.getLastModifiedTime(folder).toInstant();
        } catch (IOException e) {
            // Another process evicted it just now.
            return Instant.EPOCH;
        }
    }

    private PointerFile pointer(String model, Channel channel) {
        return new PointerFile(root.resolve(StoreLayout.channels(model)), channel);
    }

    private Path versions(String model) {
        return root.resolve(StoreLayout.versions(model));
    }
}
