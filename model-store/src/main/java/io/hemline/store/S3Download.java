package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Downloads a version to the disk cache and verifies it there. A cached version is verified again and used, also while
 * S3 is unreachable. Immutable.
 */
final class S3Download {

    private static final List<String> SMALL = List.of(Manifest.FILE, SignatureBundle.FILE);

    private final S3Location location;
    private final S3Objects objects;
    private final ArtifactCache cache;
    private final SignaturePolicy policy;

    S3Download(S3Location location, S3Objects objects, ArtifactCache cache, SignaturePolicy policy) {
        this.location = requireNonNull(location, "location");
        this.objects = requireNonNull(objects, "objects");
        this.cache = requireNonNull(cache, "cache");
        this.policy = requireNonNull(policy, "policy");
    }

    /** The version on the disk, every byte of it verified. */
    Artifact verified(String model, int version) {
        try {
            return downloaded(model, version, StoreLayout.version(model, version));
        } catch (S3Objects.Unreachable e) {
            if (!cache.contains(model, version)) {
                throw e;
            }
            return new Verification(model, version, cache.folder(model, version), policy).full();
        } catch (IOException e) {
            return cachedAfter(e, model, version);
        }
    }

    /** The cached version, if it is intact: a rollback must stay possible when the disk is full. */
    private Artifact cachedAfter(IOException fault, String model, int version) {
        if (cache.contains(model, version)) {
            try {
                return new Verification(model, version, cache.folder(model, version), policy).full();
            } catch (ArtifactRejected corrupt) {
                fault.addSuppressed(corrupt);
            }
        }
        throw new StoreException(
                String.format(
                        Locale.ROOT,
                        "cannot keep version %d of %s on this machine in %s: %s",
                        version,
                        model,
                        cache.folder(model, version),
                        fault),
                fault);
    }

    private Artifact downloaded(String model, int version, String path) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        objects.list(path).forEach(entry -> sizes.put(entry.name(), entry.size()));
        if (sizes.isEmpty()) {
            throw new ArtifactRejected(model, version, "there is nothing at " + location.url(path));
        }
        Path staged = cache.stage(model);
        try {
            Artifact promised = promised(model, version, path, sizes, staged);
            if (isCached(model, version, staged)) {
                cache.touch(model, version);
                return at(promised, cache.folder(model, version));
            }
            for (Manifest.StoredFile file : promised.manifest().files()) {
                if (sizes.containsKey(file.path())) {
                    download(path, file.path(), sizes, staged);
                }
            }
            Artifact artifact = new Verification(model, version, staged, policy).full();
            return at(artifact, cache.put(model, version, staged));
        } finally {
            if (Files.exists(staged)) {
                Folders.delete(staged);
            }
        }
    }

    /** Downloads one file; a file that does not fit on the disk is reported as the disk's fault. */
    private void download(String path, String name, Map<String, Long> sizes, Path staged) throws IOException {
        try {
            objects.download(path + name, staged.resolve(name));
        } catch (S3Objects.Unreachable e) {
            long free = Files.getFileStore(staged).getUsableSpace();
            if (free < sizes.getOrDefault(name, 0L)) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "No space left for %s: %d bytes, %d are free",
                                name,
                                sizes.get(name),
                                free),
                        e);
            }
            throw e;
        }
    }

    /** Downloads manifest and signature, and compares the bucket's listing with them before any large file. */
    private Artifact promised(String model, int version, String path, Map<String, Long> sizes, Path staged)
            throws IOException {
        for (String name : SMALL) {
            if (sizes.getOrDefault(name, Verification.MAX_JSON_BYTES + 1) <= Verification.MAX_JSON_BYTES) {
                download(path, name, sizes, staged);
            }
        }
        Verification verification = new Verification(model, version, staged, policy);
        Artifact promised = verification.manifestOnly();
        Map<String, Long> unlisted = new TreeMap<>(sizes);
        SMALL.forEach(unlisted::remove);
        for (Manifest.StoredFile file : promised.manifest().files()) {
            Long size = unlisted.remove(file.path());
            if (size != null && size != file.size()) {
                throw new ArtifactRejected(
                        model,
                        version,
                        String.format(
                                Locale.ROOT,
                                "file %s has %d bytes, manifest.json says %d",
                                file.path(),
                                size,
                                file.size()));
            }
        }
        if (!unlisted.isEmpty()) {
            throw new ArtifactRejected(
                    model, version, "file " + unlisted.keySet().iterator().next() + " is not listed in manifest.json");
        }
        verification.checkSignature(promised);
        return promised;
    }

    /** Whether the same version is cached and intact. */
    private boolean isCached(String model, int version, Path staged) throws IOException {
        if (!cache.contains(model, version)) {
            return false;
        }
        Path folder = cache.folder(model, version);
        for (String name : SMALL) {
            if (!Arrays.equals(bytes(folder.resolve(name)), bytes(staged.resolve(name)))) {
                return false;
            }
        }
        try {
            new Verification(model, version, folder, policy).full();
            return true;
        } catch (ArtifactRejected e) {
            // Corrupt on this disk; it is downloaded again.
            return false;
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static Artifact at(Artifact artifact, Path folder) {
        return new Artifact(artifact.model(), artifact.version(), folder, artifact.manifest(), artifact.digest());
    }
}
