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
 * The versions of a distant store that were brought to this machine, laid out as a store in a folder, and the pointers as
 * last seen. Thread-safe: it keeps no state but the folder's path; versions appear by a rename, also between processes.
 */
final class CachedVersions {

    /** How many versions of a model stay: the live one, the one before, and some that an operator looks at. */
    static final int KEPT = 5;

    private static final String STAGING = ".staging-";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path root;

    /** A cache below {@code folder} for the store of that URL. */
    CachedVersions(Path folder, String url) {
        requireNonNull(folder, "folder");
        String readable = url.replaceAll("[^A-Za-z0-9.-]+", "_");
        String digest = Digest.of(url.getBytes(StandardCharsets.UTF_8));
        this.root = folder.resolve(readable + "-" + digest.substring(0, 12));
    }

    Path folder(String model, int version) {
        return versions(model).resolve(Integer.toString(version));
    }

    boolean has(String model, int version) {
        return Files.isDirectory(folder(model, version));
    }

    /** An empty folder to download into. */
    Path stage(String model) throws IOException {
        return Files.createTempDirectory(Files.createDirectories(versions(model)), STAGING);
    }

    /** Puts a verified folder in the place of its version, and lets go of versions that nobody asked for lately. */
    Path keep(String model, int version, Path staged) throws IOException {
        Path folder = folder(model, version);
        try {
            Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(folder)) {
                throw e;
            }
            // Another process brought it at the same time, or it stands there spoilt: a verified copy is as good or
            // better.
            Path aside = stage(model);
            Files.move(folder, aside.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
            Folders.delete(aside);
        }
        touch(model, version);
        prune(model, folder);
        return folder;
    }

    /** Remembers that a version was asked for. */
    void touch(String model, int version) throws IOException {
        Files.setLastModifiedTime(folder(model, version), FileTime.from(Instant.now()));
    }

    /** Remembers where a channel points. */
    void remember(String model, Channel channel, int version) {
        PointerFile pointer = pointer(model, channel);
        if (!recall(model, channel).equals(OptionalInt.of(version))) {
            pointer.write(version);
        }
    }

    /** Where the channel pointed when it was last seen. */
    OptionalInt recall(String model, Channel channel) {
        try {
            return pointer(model, channel).read();
        } catch (StoreException e) {
            return OptionalInt.empty();
        }
    }

    /** Spares what was just brought, also where a clock that was set back makes it the oldest. */
    private void prune(String model, Path brought) throws IOException {
        List<Path> versions = new ArrayList<>();
        Instant abandoned = Instant.now().minus(ABANDONED);
        for (Path entry : Folders.entries(versions(model))) {
            if (FolderStore.VERSION.matcher(entry.getFileName().toString()).matches()) {
                versions.add(entry);
            } else if (used(entry).isBefore(abandoned)) {
                Folders.delete(entry);
            }
        }
        versions.sort(Comparator.<Path, Boolean>comparing(brought::equals)
                .thenComparing(CachedVersions::used)
                .reversed());
        for (Path old : versions.subList(Math.min(KEPT, versions.size()), versions.size())) {
            Folders.delete(old);
        }
    }

    private static Instant used(Path folder) {
        try {
            return Files.getLastModifiedTime(folder).toInstant();
        } catch (IOException e) {
            // Another process took it away just now.
            return Instant.EPOCH;
        }
    }

    private PointerFile pointer(String model, Channel channel) {
        return new PointerFile(root.resolve(model).resolve("channels"), channel);
    }

    private Path versions(String model) {
        return root.resolve(model).resolve("versions");
    }
}
