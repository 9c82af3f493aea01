package io.hemline.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares one version's folder with its manifest, cheapest checks first. An {@link ArtifactRejected} is final, since
 * versions are immutable; any other {@link StoreException} is a failed read, which may succeed later. Immutable.
 */
record Verification(String model, int version, Path folder, SignaturePolicy policy) {

    static final long MAX_JSON_BYTES = 1 << 20;
    private static final int CHUNK_BYTES = 1 << 16;

    /** Checks manifest, names, sizes, digests, signature and golden answers. */
    Artifact full() {
        try {
            Artifact artifact = outline();
            for (Manifest.StoredFile file : artifact.manifest().files()) {
                checkDigest(file);
            }
            checkSignature(artifact);
            checkGolden(artifact);
            return artifact;
        } catch (IOException e) {
            throw new StoreException("cannot read " + folder + ": " + e, e);
        }
    }

    /**
     * Copies the files that the manifest lists into an empty folder and verifies the copy. The verdict is about the
     * copy's own bytes.
     */
    Artifact copied(Path target) {
        try {
            for (Manifest.StoredFile file : outline().manifest().files()) {
                copy(file.path(), target, file.size());
            }
            copy(Manifest.FILE, target, MAX_JSON_BYTES);
            if (Files.exists(folder.resolve(SignatureBundle.FILE), LinkOption.NOFOLLOW_LINKS)) {
                copy(SignatureBundle.FILE, target, MAX_JSON_BYTES);
            }
        } catch (IOException e) {
            throw new StoreException(
                    "cannot copy version " + version + " of " + model + " from " + folder + " to " + target + ": " + e,
                    e);
        }
        return new Verification(model, version, target, policy).full();
    }

    /** Copies at most one byte more than {@code size}, so that the copy of a longer file is refused. */
    private void copy(String name, Path target, long size) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
                OutputStream out = Files.newOutputStream(
                        target.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            long left = size + 1;
            for (int n = 0; n >= 0 && left > 0; left -= n) {
                n = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                out.write(chunk, 0, Math.max(n, 0));
            }
        }
    }

    /** Checks the manifest and the names and sizes of the files, and reads no other file. */
    private Artifact outline() throws IOException {
        Artifact artifact = manifestOnly();
        checkNames(artifact.manifest());
        for (Manifest.StoredFile file : artifact.manifest().files()) {
            checkSize(file);
        }
        return artifact;
    }

    /** Reads only the manifest: enough to list a version, not to load it. */
    Artifact manifestOnly() throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw rejected("there is no folder " + folder);
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw rejected(folder + " is not a plain folder");
        }
        return described(bytes(Manifest.FILE));
    }

    /** The artifact that a manifest describes. */
    Artifact described(byte[] json) {
        Manifest manifest;
        try {
            manifest = Manifest.parse(json);
        } catch (FormatException e) {
            throw rejected("manifest.json: " + e.getMessage());
        }
        if (!manifest.model().equals(model)) {
            throw rejected("manifest.json: member model must be " + model + ", is " + manifest.model());
        }
        return new Artifact(model, version, folder, manifest, Digest.of(json));
    }

    private byte[] bytes(String name) throws IOException {
        Path file = folder.resolve(name);
        attributes(file);
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes((int) MAX_JSON_BYTES + 1);
            if (bytes.length > MAX_JSON_BYTES) {
                throw rejected(name + " is over " + MAX_JSON_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private void checkNames(Manifest manifest) throws IOException {
        Set<String> allowed = new HashSet<>(List.of(Manifest.FILE, SignatureBundle.FILE));
        manifest.files().forEach(f -> allowed.add(f.path()));
        for (Path entry : Folders.entries(folder)) {
            String name = entry.getFileName().toString();
            if (!allowed.contains(name)) {
                throw rejected("file " + name + " is not listed in manifest.json");
            }
            attributes(entry);
        }
    }

    private void checkSize(Manifest.StoredFile file) throws IOException {
        long size = attributes(folder.resolve(file.path())).size();
        if (size != file.size()) {
            throw rejected(String.format(
                    Locale.ROOT, "file %s has %d bytes, manifest.json says %d", file.path(), size, file.size()));
        }
    }

    private void checkDigest(Manifest.StoredFile file) throws IOException {
        String digest = Digest.of(folder.resolve(file.path()));
        if (!digest.equals(file.sha256())) {
            throw rejected(String.format(
                    Locale.ROOT, "file %s has SHA-256 %s, manifest.json says %s", file.path(), digest, file.sha256()));
        }
    }

    /** Compares the signature with the manifest's digests; {@link #full} compares the files with those. */
    void checkSignature(Artifact artifact) throws IOException {
        if (!policy.checks()) {
            return;
        }
        if (!Files.exists(folder.resolve(SignatureBundle.FILE), LinkOption.NOFOLLOW_LINKS)) {
            if (policy.required()) {
                throw rejected(
                        "it is not signed: file " + SignatureBundle.FILE + " is missing, and a signature is required");
            }
            return;
        }
        Map<String, String> found = new TreeMap<>();
        artifact.manifest().files().forEach(file -> found.put(file.path(), file.sha256()));
        found.put(Manifest.FILE, artifact.digest());
        try {
            policy.check(bytes(SignatureBundle.FILE), found);
        } catch (FormatException e) {
            throw rejected(SignatureBundle.FILE + ": " + e.getMessage());
        }
    }

    private void checkGolden(Artifact artifact) {
        try {
            artifact.golden().check(artifact.manifest());
        } catch (FormatException e) {
            throw rejected(e.getMessage());
        }
    }

    /** The attributes of a plain file; throws for anything else. */
    private BasicFileAttributes attributes(Path file) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw rejected("file " + file.getFileName() + " is missing");
        }
        if (!attributes.isRegularFile()) {
            throw rejected(file.getFileName() + " is not a plain file");
        }
        return attributes;
    }

    private ArtifactRejected rejected(String reason) {
        return new ArtifactRejected(model, version, reason);
    }
}
