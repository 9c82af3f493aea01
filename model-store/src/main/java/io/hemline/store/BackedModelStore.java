package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of a store over any storage. Thread-safe: it keeps no state but the backend. */
final class BackedModelStore implements ModelStore {

    /*
     * Pruning and promoting at the same time
     *
     * There is no lock, since a trainer in another language on another machine may write as well. Instead `promote`
     * writes the pointer and then checks that the version is still published, and `prune` hides the version and then
     * checks that no pointer names it. The later of the two sees the other's change, and `prune` brings a version back
     * that a pointer names.
     */
    private final StorageBackend backend;

    BackedModelStore(StorageBackend backend) {
        this.backend = requireNonNull(backend, "backend");
    }

    @Override
    public List<String> models() {
        return backend.models().stream().filter(ManifestRules::isModelName).toList();
    }

    @Override
    public List<StoredVersion> versions(String model) {
        List<Pointer> pointers = pointers(model);
        List<StoredVersion> versions = new ArrayList<>();
        backend.versions(model).forEach((version, tag) -> versions.add(stored(model, version, tag, pointers)));
        Collections.reverse(versions);
        return versions;
    }

    @Override
    public OptionalInt desired(String model, Channel channel) {
        OptionalInt desired = backend.pointer(model, channel).orThrow();
        desired.ifPresent(version -> backend.record(model, channel, version));
        return desired;
    }

    @Override
    public OptionalInt lastKnown(String model, Channel channel) {
        return backend.lastKnown(model, channel);
    }

    @Override
    public Artifact verify(String model, int version) {
        return backend.verify(model, version);
    }

    @Override
    public Artifact copy(String model, int version, Path folder) {
        return backend.copy(model, version, folder);
    }

    @Override
    public void promote(String model, int version, Channel channel) {
        Pointer before = backend.pointer(model, channel);
        verify(model, version);
        point(model, before, version);
    }

    @Override
    public int rollback(String model, Channel channel) {
        Pointer before = backend.pointer(model, channel);
        int from = requireVersion(model, before);
        NavigableMap<Integer, String> older = backend.versions(model).headMap(from, false);
        int target = older.descendingKeySet().stream()
                .filter(version -> isIntact(model, version))
                .findFirst()
                .orElseThrow(() -> failure(
                        "%s has no intact version below %d, which %s names; nothing was changed",
                        model, from, channel.path()));
        point(model, before, target);
        return target;
    }

    @Override
    public void rollback(String model, Channel channel, int version) {
        Pointer before = backend.pointer(model, channel);
        int from = requireVersion(model, before);
        if (version >= from) {
            throw failure(
                    "version %d is not below %d, which %s of %s names; use promote to go forward",
                    version, from, channel.path(), model);
        }
        verify(model, version);
        point(model, before, version);
    }

    @Override
    public List<Integer> prune(String model, int keep) {
        if (keep < 1) {
            throw new StoreException("at least one version must be kept, not " + keep);
        }
        List<Integer> numbers = List.copyOf(backend.versions(model).keySet());
        List<Integer> pruned = new ArrayList<>();
        for (int version : numbers.subList(0, Math.max(0, numbers.size() - keep))) {
            if (!isNamed(model, version) && remove(model, version)) {
                pruned.add(version);
            }
        }
        backend.deleteHidden(model);
        return pruned;
    }

    @Override
    public String stamp(String model, int version) {
        return backend.stamp(model, version);
    }

    @Override
    public String toString() {
        return backend.toString();
    }

    private StoredVersion stored(String model, int version, String manifestTag, List<Pointer> pointers) {
        Set<Channel> channels = pointers.stream()
                .filter(pointer -> pointer.names(version))
                .map(Pointer::channel)
                .collect(Collectors.toUnmodifiableSet());
        try {
            Artifact artifact = backend.describe(model, version, manifestTag);
            return new StoredVersion(version, channels, artifact.manifest().created(), artifact.digest(), null);
        } catch (ArtifactRejected e) {
            return new StoredVersion(version, channels, null, null, e.reason());
        }
    }

    private boolean isIntact(String model, int version) {
        try {
            verify(model, version);
            return true;
        } catch (ArtifactRejected e) {
            return false;
        }
    }

    private void point(String model, Pointer before, int version) {
        Channel channel = before.channel();
        if (!backend.replace(model, before, version)) {
            throw failure(
                    "%s of %s was moved by another at the same time, to %s; look, and try again",
                    channel.path(), model, backend.pointer(model, channel));
        }
        if (!backend.versions(model).containsKey(version)) {
            throw failure(
                    "version %d of %s was pruned while %s was moved to it; promote one that is there",
                    version, model, channel.path());
        }
    }

    /** Removes a version, unless a pointer was concurrently moved to it. */
    private boolean remove(String model, int version) {
        Optional<StorageBackend.Removal> removal = backend.hide(model, version);
        if (removal.isEmpty()) {
            return false;
        }
        if (isNamed(model, version)) {
            removal.get().undo();
            return false;
        }
        removal.get().complete();
        return true;
    }

    /** Whether a channel names the version; a faulty pointer throws, since it may mean any version. */
    private boolean isNamed(String model, int version) {
        boolean named = false;
        for (Pointer pointer : pointers(model)) {
            named |= pointer.orThrow().equals(OptionalInt.of(version));
        }
        return named;
    }

    private List<Pointer> pointers(String model) {
        return Arrays.stream(Channel.values())
                .map(channel -> backend.pointer(model, channel))
                .toList();
    }

    private static int requireVersion(String model, Pointer pointer) {
        return pointer.orThrow()
                .orElseThrow(() -> failure(
                        "%s of %s names no version yet; use promote",
                        pointer.channel().path(), model));
    }

    private static StoreException failure(String format, Object... values) {
        return new StoreException(String.format(Locale.ROOT, format, values));
    }
}
