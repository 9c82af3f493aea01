package io.hemline.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store in a bucket, laid out as {@code FORMAT.md} says: a version is there when its manifest is, a pointer is an object
 * that is replaced only by who has seen the one before. Thread-safe: the map of manifests is concurrent, all else is in the
 * bucket and on the disk.
 */
final class S3Store implements ModelStore {

    /*
     * Pruning against pointing, as in a folder: `promote` writes the pointer and then looks whether the manifest is still
     * there; `prune` first takes the manifest away and then looks whether a pointer names the version, and if so puts it
     * back. A claim that says "pruned" keeps the number from being used again and tells what a cut-off prune left behind.
     */
    private static final long MAX_POINTER_BYTES = 64;
    private static final byte[] PRUNED = "pruned\n".getBytes(US_ASCII);

    private final S3Location location;
    private final S3Objects objects;
    private final CachedVersions cache;
    private final SignaturePolicy policy;
    private final S3Fetch fetch;
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();

    S3Store(S3Location location, S3Connection connection, Path cacheFolder, SignaturePolicy policy) {
        this.location = requireNonNull(location, "location");
        this.policy = requireNonNull(policy, "policy");
        this.objects = new S3Objects(location, connection);
        this.cache = new CachedVersions(cacheFolder, location.toString());
        this.fetch = new S3Fetch(location, objects, cache, policy);
    }

    @Override
    public List<String> models() {
        return objects.folders().stream()
                .filter(ManifestRules::isModelName)
                .filter(model -> !objects.list(path(model, "versions/")).isEmpty())
                .toList();
    }

    @Override
    public List<StoredVersion> versions(String model) {
        Map<Channel, OptionalInt> wishes = new EnumMap<>(Channel.class);
        for (Channel channel : Channel.values()) {
            wishes.put(channel, pointer(model, channel).version());
        }
        List<StoredVersion> versions = new ArrayList<>();
        published(model).forEach((version, manifest) -> versions.add(0, stored(model, version, manifest, wishes)));
        return versions;
    }

    @Override
    public OptionalInt wished(String model, Channel channel) {
        OptionalInt wished = pointer(model, channel).orRefuse();
        wished.ifPresent(version -> remember(model, channel, version));
        return wished;
    }

    private void remember(String model, Channel channel, int version) {
        try {
            cache.remember(model, channel, version);
        } catch (StoreException e) {
            // Only for later, when S3 is away. A full disk must not stop whoever follows the pointer now.
            return;
        }
    }

    @Override
    public OptionalInt remembered(String model, Channel channel) {
        return cache.recall(model, channel);
    }

    @Override
    public Artifact verify(String model, int version) {
        return fetch.verified(model, version, versionPath(model, version));
    }

    @Override
    public Artifact copy(String model, int version, Path folder) {
        Path cached = verify(model, version).folder();
        try {
            return new Verification(model, version, cached, policy).copied(folder);
        } catch (ArtifactRejected e) {
            // It was whole a moment ago and is in the bucket: another process wrote to the cache meanwhile.
            throw new StoreException(cached + " was changed while it was copied: " + e.reason(), e);
        }
    }

    @Override
    public void promote(String model, int version, Channel channel) {
        Pointer before = pointer(model, channel);
        verify(model, version);
        point(model, version, before);
    }

    @Override
    public int rollback(String model, Channel channel) {
        Pointer before = pointer(model, channel);
        Rollback rollback = rollback(model, before);
        int target = rollback.target(List.copyOf(published(model).keySet()), version -> isIntact(model, version));
        point(model, target, before);
        return target;
    }

    @Override
    public void rollback(String model, Channel channel, int version) {
        Pointer before = pointer(model, channel);
        rollback(model, before).checkTarget(version);
        verify(model, version);
        point(model, version, before);
    }

    @Override
    public List<Integer> prune(String model, int keep) {
        if (keep < 1) {
            throw new StoreException("at least one version must be kept, not " + keep);
        }
        List<Integer> numbers = List.copyOf(published(model).keySet());
        List<Integer> pruned = new ArrayList<>();
        for (int version : numbers.subList(0, Math.max(0, numbers.size() - keep))) {
            if (!isWished(model, version) && delete(model, version)) {
                pruned.add(version);
            }
        }
        sweep(model);
        return pruned;
    }

    @Override
    public String stamp(String model, int version) {
        String folder = versionPath(model, version);
        try {
            return objects.list(folder).stream()
                    .map(entry -> entry.name() + " " + entry.size() + " " + entry.tag() + "\n")
                    .collect(Collectors.joining());
        } catch (S3Unreachable e) {
            if (cache.has(model, version)) {
                return "cached";
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return location.toString();
    }

    private boolean isIntact(String model, int version) {
        try {
            verify(model, version);
            return true;
        } catch (ArtifactRejected e) {
            return false;
        }
    }

    private static Rollback rollback(String model, Pointer before) {
        int wished = before.orRefuse().orElseThrow(() -> Rollback.nothingWished(model, before.channel()));
        return new Rollback(model, before.channel(), wished);
    }

    /** Moves a pointer from where it was seen; refuses when another moved it since. */
    private void point(String model, int version, Pointer before) {
        byte[] line = (version + "\n").getBytes(US_ASCII);
        if (!objects.replace(before.path(), line, before.tag())) {
            throw new StoreException(String.format(
                    Locale.ROOT,
                    "%s of %s was moved by another at the same time, to version %s; look, and try again",
                    before.channel().path(),
                    model,
                    shown(pointer(model, before.channel()))));
        }
        if (!published(model).containsKey(version)) {
            throw new StoreException(String.format(
                    Locale.ROOT,
                    "version %d of %s was pruned while %s was moved to it; promote one that is there",
                    version,
                    model,
                    before.channel().path()));
        }
    }

    private static String shown(Pointer pointer) {
        return pointer.version().isPresent()
                ? Integer.toString(pointer.version().getAsInt())
                : "none";
    }

    /** Takes a version away, unless a channel came to name it in between. */
    private boolean delete(String model, int version) {
        Optional<S3Objects.Content> manifest = objects.read(manifestPath(model, version), Verification.MAX_JSON_BYTES);
        if (manifest.isEmpty()) {
            return false;
        }
        objects.write(claimPath(model, version), PRUNED);
        objects.delete(manifestPath(model, version));
        if (isWished(model, version)) {
            objects.replace(manifestPath(model, version), manifest.get().bytes(), null);
            return false;
        }
        deleteFiles(model, version);
        return true;
    }

    /** Deletes what prunes that were cut off left behind; what a publisher is just bringing has a claim of its own. */
    private void sweep(String model) {
        Set<Integer> published = published(model).keySet();
        objects.list(path(model, "versions/")).stream()
                .map(entry -> entry.name().replaceFirst("/.*", ""))
                .filter(name -> FolderStore.VERSION.matcher(name).matches())
                .map(Integer::valueOf)
                .distinct()
                .filter(version -> !published.contains(version))
                .filter(version -> objects.read(claimPath(model, version), Verification.MAX_JSON_BYTES)
                        .filter(claim -> new String(claim.bytes(), UTF_8).equals("pruned\n"))
                        .isPresent())
                .forEach(version -> deleteFiles(model, version));
    }

    private void deleteFiles(String model, int version) {
        String folder = versionPath(model, version);
        objects.list(folder).forEach(entry -> objects.delete(folder + entry.name()));
    }

    /** Whether a channel names the version; a garbled pointer is refused, for it may mean any version. */
    private boolean isWished(String model, int version) {
        boolean wished = false;
        for (Channel channel : Channel.values()) {
            wished |= pointer(model, channel).orRefuse().equals(OptionalInt.of(version));
        }
        return wished;
    }

    private StoredVersion stored(String model, int version, String tag, Map<Channel, OptionalInt> wishes) {
        Set<Channel> channels = EnumSet.noneOf(Channel.class);
        wishes.forEach((channel, wished) -> {
            if (wished.equals(OptionalInt.of(version))) {
                channels.add(channel);
            }
        });
        try {
            byte[] json = manifests.computeIfAbsent(
                    manifestPath(model, version) + " " + tag, key -> manifest(model, version));
            Artifact artifact = new Verification(model, version, cache.folder(model, version), policy).described(json);
            return new StoredVersion(version, channels, artifact.manifest().created(), artifact.digest(), null);
        } catch (ArtifactRejected e) {
            return new StoredVersion(version, channels, null, null, e.reason());
        }
    }

    private byte[] manifest(String model, int version) {
        return objects.read(manifestPath(model, version), Verification.MAX_JSON_BYTES)
                .orElseThrow(() -> new ArtifactRejected(model, version, "file manifest.json is missing"))
                .bytes();
    }

    /** The versions whose manifest is there, ascending, with the manifest's tag. */
    private SortedMap<Integer, String> published(String model) {
        List<S3Objects.Entry> entries = objects.list(path(model, "versions/"));
        if (entries.isEmpty()) {
            throw new StoreException("there is nothing at " + location.url(path(model, "versions/"))
                    + "; check the store's URL and the model's name");
        }
        SortedMap<Integer, String> published = new TreeMap<>();
        for (S3Objects.Entry entry : entries) {
            String[] parts = entry.name().split("/", 2);
            if (parts.length == 2
                    && parts[1].equals(Manifest.FILE)
                    && FolderStore.VERSION.matcher(parts[0]).matches()) {
                published.put(Integer.valueOf(parts[0]), entry.tag());
            }
        }
        return published;
    }

    private Pointer pointer(String model, Channel channel) {
        String path = path(model, "channels/" + channel.path());
        return objects.read(path, MAX_POINTER_BYTES)
                .map(content -> Pointer.read(location.url(path), path, channel, content))
                .orElseGet(() -> new Pointer(channel, path, OptionalInt.empty(), null, null));
    }

    private static String manifestPath(String model, int version) {
        return versionPath(model, version) + Manifest.FILE;
    }

    private static String versionPath(String model, int version) {
        FolderStore.checkVersion(version);
        return path(model, "versions/" + version + "/");
    }

    private static String claimPath(String model, int version) {
        return path(model, "claims/" + version);
    }

    private static String path(String model, String rest) {
        FolderStore.checkName(model);
        return model + "/" + rest;
    }

    /** A channel's object as it was seen: where it points, or why that cannot be told. */
    private record Pointer(
            Channel channel,
            String path,
            OptionalInt version,
            @Nullable String tag,
            @Nullable String fault) {

        static Pointer read(String url, String path, Channel channel, S3Objects.Content content) {
            String text = new String(content.bytes(), UTF_8);
            if (PointerFile.CONTENT.matcher(text).matches()) {
                int version = Integer.parseInt(text.strip());
                return new Pointer(channel, path, OptionalInt.of(version), content.tag(), null);
            }
            return new Pointer(channel, path, OptionalInt.empty(), content.tag(), PointerFile.garbled(url, text));
        }

        OptionalInt orRefuse() {
            if (fault != null) {
                throw new StoreException(fault);
            }
            return version;
        }
    }
}
