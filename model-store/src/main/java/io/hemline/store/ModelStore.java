package io.hemline.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Versions of models, immutable once they are there, and one movable pointer per model and channel. All methods block and
 * throw {@link StoreException} when the store cannot be read or refuses. Thread-safe, also between processes: versions and
 * pointers appear and change atomically.
 */
public interface ModelStore {

    /** The store at that place: the path of a folder or its {@code file:} URL. */
    static ModelStore open(String url) {
        if (url.startsWith("s3://")) {
            throw new StoreException("stores on S3 are not supported yet: " + url + "; name a folder instead");
        }
        if (url.isBlank()) {
            throw new StoreException("the store's place is empty; name a folder");
        }
        try {
            return new FolderStore(url.startsWith("file:") ? Path.of(URI.create(url)) : Path.of(url));
        } catch (IllegalArgumentException e) {
            throw new StoreException("store \"" + url + "\" is neither the path of a folder nor its file: URL", e);
        }
    }

    /** The models of this store, in order. */
    List<String> models();

    /** All versions of a model, the newest first, including those that are not intact. */
    List<StoredVersion> versions(String model);

    /** The version that the channel wishes live, read anew; empty when the channel names none yet. */
    OptionalInt wished(String model, Channel channel);

    /** Reads every byte of a version and compares it with the manifest. Only what passes may be loaded. */
    Artifact verify(String model, int version) throws ArtifactRejected;

    /** Points the channel at a version; refuses what {@link #verify} refuses. */
    void promote(String model, int version, Channel channel);

    /** Points the channel at the greatest intact version below the wished one, and returns it. */
    int rollback(String model, Channel channel);

    /** Points the channel at a version below the wished one. */
    void rollback(String model, Channel channel, int version);

    /** Deletes all versions but the newest {@code keep} and those that a channel names; returns the deleted, in order. */
    List<Integer> prune(String model, int keep);
}
