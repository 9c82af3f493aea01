package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Storage in a folder: a version is published by the rename of its folder, a pointer is a file that is replaced by a
 * rename. Thread-safe: it keeps no state but the folder's path.
 */
final class FolderBackend implements StorageBackend {

    private static final String HIDDEN = ".pruned-";

    private final Path root;
    private final SignaturePolicy policy;

    FolderBackend(Path root, SignaturePolicy policy) {
        this.root = requireNonNull(root, "root");
        this.policy = requireNonNull(policy, "policy");
    }

    @Override
    public List<String> models() {
        return entries(existing(root)).stream()
                .filter(entry -> Files.isDirectory(entry.resolve("versions")))
                .map(entry -> entry.getFileName().toString())
                .toList();
    }

    @Override
    public NavigableMap<Integer, String> versions(String model) {
        NavigableMap<Integer, String> versions = new TreeMap<>();
        for (Path entry : entries(existing(root.resolve(StoreLayout.versions(model))))) {
            String name = entry.getFileName().toString();
            if (StoreLayout.isVersion(name)) {
                versions.put(Integer.valueOf(name), "");
            }
        }
        return versions;
    }

    @Override
    public Artifact describe(String model, int version, String manifestTag) {
        try {
            return verification(model, version).manifestOnly();
        } catch (IOException e) {
            throw new ArtifactRejected(model, version, "cannot be read: " + e);
        }
    }

    @Override
    public Artifact verify(String model, int version) {
        return verification(model, version).full();
    }

    @Override
    public Artifact copy(String model, int version, Path folder) {
        return verification(model, version).copied(folder);
    }

    @Override
    public String stamp(String model, int version) {
        Path folder = folder(model, version);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        StringBuilder stamp = new StringBuilder();
        try {
            for (Path file : Folders.entries(folder)) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                stamp.append(file.getFileName()).append(' ').append(attributes.size());
                stamp.append(' ')
                        .append(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
                        .append('\n');
            }
            return stamp.toString();
        } catch (IOException e) {
            throw new StoreException("cannot read " + folder + ": " + e, e);
        }
    }

    @Override
    public Pointer pointer(String model, Channel channel) {
        PointerFile file = pointerFile(model, channel);
        try {
            existing(root.resolve(StoreLayout.model(model)));
            return new Pointer(channel, file.read(), null, null);
        } catch (StoreException e) {
            return Pointer.faulty(channel, null, e);
        }
    }

    /** Always replaces: the last of two writers wins. */
    @Override
    public boolean replace(String model, Pointer before, int version) {
        pointerFile(model, before.channel()).write(version);
        return true;
    }

    @Override
    public Optional<Removal> hide(String model, int version) {
        Path folder = folder(model, version);
        Path hidden = folder.resolveSibling(HIDDEN + version);
        try {
            if (Files.exists(hidden)) {
                // An interrupted prune left it.
                Folders.delete(hidden);
            }
            Files.move(folder, hidden, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(new HiddenFolder(model, version, folder, hidden));
        } catch (IOException e) {
            throw cannotPrune(model, version, e);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private Verification verification(String model, int version) {
        return new Verification(model, version, folder(model, version), policy);
    }

    private Path folder(String model, int version) {
        return root.resolve(StoreLayout.version(model, version));
    }

    private PointerFile pointerFile(String model, Channel channel) {
        return new PointerFile(root.resolve(StoreLayout.channels(model)), channel);
    }

    private Path existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new StoreException("there is no folder " + folder + " in the store at " + root
                    + "; check the store's path and the model's name");
        }
        return folder;
    }

    private static List<Path> entries(Path folder) {
        try {
            return Folders.entries(folder);
        } catch (IOException e) {
            throw new StoreException("cannot list " + folder + ": " + e, e);
        }
    }

    private static StoreException cannotPrune(String model, int version, IOException e) {
        return new StoreException("cannot prune version " + version + " of " + model + ": " + e, e);
    }

    private record HiddenFolder(String model, int version, Path folder, Path hidden) implements Removal {

        @Override
        public void undo() {
            try {
                Files.move(hidden, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw cannotPrune(model, version, e);
            }
        }

        @Override
        public void complete() {
            try {
                Folders.delete(hidden);
                Folders.sync(folder.resolveSibling(""));
            } catch (IOException e) {
                throw cannotPrune(model, version, e);
            }
        }
    }
}
