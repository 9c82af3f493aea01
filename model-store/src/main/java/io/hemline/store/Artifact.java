package io.hemline.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A verified version of a model on disk. The digest is the SHA-256 of {@code manifest.json} in lower-case hex; since
 * the manifest lists every other file's digest, it identifies the whole artifact. Immutable.
 */
public record Artifact(String model, int version, Path folder, Manifest manifest, String digest) {

    public Artifact {
        requireNonNull(model, "model");
        requireNonNull(folder, "folder");
        requireNonNull(manifest, "manifest");
        requireNonNull(digest, "digest");
    }

    /** The file with this name; refuses a name that the manifest does not list. */
    public Path file(String name) {
        if (manifest.files().stream().noneMatch(f -> f.path().equals(name))) {
            throw new IllegalArgumentException("version " + version + " of " + model + " has no file " + name);
        }
        return folder.resolve(name);
    }

    /** The graph file of the forecaster. */
    public Path forecaster() {
        return file(manifest.graphs().forecaster().file());
    }

    /** The graph file of the image encoder. */
    public Path imageEncoder() {
        return file(manifest.graphs().imageEncoder().file());
    }

    /** The golden answers; each call reads the file. */
    public Golden golden() {
        return Golden.read(file(Golden.FILE));
    }
}
