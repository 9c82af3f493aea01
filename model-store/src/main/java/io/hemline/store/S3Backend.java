package io.hemline.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Storage in a bucket: a version is published when its manifest is written, a pointer is an object that is replaced on
 * the condition that its tag is still the one that was read. Thread-safe: the map of manifests is concurrent, all
 * other state is in the bucket and on the disk.
 */
final class S3Backend implements StorageBackend {

    /*
     * Hiding a version deletes its manifest. A claim with the content "pruned" keeps the number from being used again
     * and marks the files that an interrupted removal left.
     */
    private static final long MAX_POINTER_BYTES = 64;
    private static final String PRUNED = "pruned\n";

    private final S3Location location;
    private final S3Objects objects;
    private final ArtifactCache cache;
    private final SignaturePolicy policy;
    private final S3Download download;
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();

    S3Backend(S3Location location, S3Connection connection, Path cacheFolder, SignaturePolicy policy) {
        this.location = requireNonNull(location, "location");
        this.policy = requireNonNull(policy, "policy");
        this.objects = new S3Objects(location, connection);
        this.cache = new ArtifactCache(cacheFolder, location.toString());
        this.download = new S3Download(location, objects, cache, policy);
    }

    @Override
    public List<String> models() {
        return objects.folders().stream()
                .filter(ManifestRules::isModelName)
                .filter(model -> !objects.list(StoreLayout.versions(model)).isEmpty())
                .toList();
    }

    @Override
    public NavigableMap<Integer, String> versions(String model) {
        String folder = StoreLayout.versions(model);
        List<S3Objects.Entry> entries = objects.list(folder);
        if (entries.isEmpty()) {
            throw new StoreException(
                    "there is nothing at " + location.url(folder) + "; check the store's URL and the model's name");
        }
        NavigableMap<Integer, String> published = new TreeMap<>();
        for (S3Objects.Entry entry : entries) {
            String[] parts = entry.name().split("/", 2);
            if (parts.length == 2 && parts[1].equals(Manifest.FILE) && StoreLayout.isVersion(parts[0])) {
                published.put(Integer.valueOf(parts[0]), entry.tag());
            }
        }
        return published;
    }

    @Override
    public Artifact describe(String model, int version, String manifestTag) {
        String path = StoreLayout.manifest(model, version);
        byte[] json = manifests.computeIfAbsent(
                path + " " + manifestTag,
                key -> objects.read(path, Verification.MAX_JSON_BYTES)
                        .orElseThrow(() -> new ArtifactRejected(model, version, "file manifest.json is missing"))
                        .bytes());
        return new Verification(model, version, cache.folder(model, version), policy).described(json);
    }

    @Override
    public Artifact verify(String model, int version) {
        return download.verified(model, version);
    }

    @Override
    public Artifact copy(String model, int version, Path folder) {
        Path cached = verify(model, version).folder();
        try {
            return new Verification(model, version, cached, policy).copied(folder);
        } catch (ArtifactRejected e) {
            // The cached version was intact a moment ago: another process wrote to the cache meanwhile.
            throw new StoreException(cached + " was changed while it was copied: " + e.reason(), e);
        }
    }

    @Override
    public String stamp(String model, int version) {
        try {
            return objects.list(StoreLayout.version(model, version)).stream()
                    .map(entry -> entry.name() + " " + entry.size() + " " + entry.tag() + "\n")
                    .collect(Collectors.joining());
        } catch (S3Objects.Unreachable e) {
            if (cache.contains(model, version)) {
                return "cached";
            }
            throw e;
        }
    }

    @Override
    public Pointer pointer(String model, Channel channel) {
        String path = StoreLayout.channel(model, channel);
        Optional<S3Objects.Content> content = objects.read(path, MAX_POINTER_BYTES);
        if (content.isEmpty()) {
            return Pointer.absent(channel);
        }
        String text = new String(content.get().bytes(), UTF_8);
        String tag = content.get().tag();
        OptionalInt version = Pointer.parse(text);
        return version.isPresent()
                ? new Pointer(channel, version, tag, null)
                : Pointer.faulty(channel, tag, Pointer.garbled(location.url(path), text));
    }

    @Override
    public boolean replace(String model, Pointer before, int version) {
        byte[] line = (version + "\n").getBytes(US_ASCII);
        return objects.replace(StoreLayout.channel(model, before.channel()), line, before.tag());
    }

    @Override
    public Optional<Removal> hide(String model, int version) {
        String path = StoreLayout.manifest(model, version);
        Optional<S3Objects.Content> manifest = objects.read(path, Verification.MAX_JSON_BYTES);
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        objects.write(StoreLayout.claim(model, version), PRUNED.getBytes(US_ASCII));
        objects.delete(path);
        return Optional.of(new Removal() {
            @Override
            public void undo() {
                objects.replace(path, manifest.get().bytes(), null);
            }

            @Override
            public void complete() {
                deleteFiles(model, version);
            }
        });
    }

    /** Deletes the files of unpublished versions whose claim says "pruned"; an upload in progress has another claim. */
    @Override
    public void deleteHidden(String model) {
        Set<Integer> published = versions(model).keySet();
        objects.list(StoreLayout.versions(model)).stream()
                .map(entry -> entry.name().replaceFirst("/.*", ""))
                .filter(StoreLayout::isVersion)
                .map(Integer::valueOf)
                .distinct()
                .filter(version -> !published.contains(version))
                .filter(version -> isPruned(model, version))
                .forEach(version -> deleteFiles(model, version));
    }

    @Override
    public void record(String model, Channel channel, int version) {
        try {
            cache.recordPointer(model, channel, version);
        } catch (StoreException e) {
            // Needed only if S3 is unreachable later. A full disk must not keep a server from following the pointer
            // now.
            return;
        }
    }

    @Override
    public OptionalInt lastKnown(String model, Channel channel) {
        return cache.lastPointer(model, channel);
    }

    @Override
    public String toString() {
        return location.toString();
    }

    private boolean isPruned(String model, int version) {
        return objects.read(StoreLayout.claim(model, version), Verification.MAX_JSON_BYTES)
                .filter(claim -> new String(claim.bytes(), UTF_8).equals(PRUNED))
                .isPresent();
    }

    private void deleteFiles(String model, int version) {
        String folder = StoreLayout.version(model, version);
        objects.list(folder).forEach(entry -> objects.delete(folder + entry.name()));
    }
}
