package io.hemline.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Immutable versions of models, and one movable pointer per model and channel. All methods block and throw
 * {@link StoreException} if the store cannot be read or refuses the change. Thread-safe, also between processes:
 * versions and pointers appear and change atomically.
 */
public interface ModelStore {

    /** The store at a URL, its signatures not checked. */
    static ModelStore open(String url) {
        return open(url, SignaturePolicy.UNCHECKED, defaultCache());
    }

    /**
     * The store at a URL.
     *
     * @param url the path of a folder, its {@code file:} URL, or {@code s3://bucket/prefix}
     * @param policy which signatures are required and trusted
     * @param cache the folder that caches versions of a remote store
     */
    static ModelStore open(String url, SignaturePolicy policy, Path cache) {
        if (url.startsWith("s3://")) {
            return new BackedModelStore(
                    new S3Backend(S3Location.parse(url), S3Connection.fromEnvironment(), cache, policy));
        }
        if (url.isBlank()) {
            throw new StoreException("the store's URL is empty; name a folder or s3://bucket/prefix");
        }
        try {
            return inFolder(url.startsWith("file:") ? Path.of(URI.create(url)) : Path.of(url), policy);
        } catch (IllegalArgumentException e) {
            throw new StoreException("store \"" + url + "\" is neither the path of a folder nor its file: URL", e);
        }
    }

    /** The store in a folder, its signatures not checked. */
    static ModelStore inFolder(Path folder) {
        return inFolder(folder, SignaturePolicy.UNCHECKED);
    }

    /** The store in a folder. */
    static ModelStore inFolder(Path folder, SignaturePolicy policy) {
        return new BackedModelStore(new FolderBackend(folder, policy));
    }

    /** The default folder that caches versions of a remote store, in the user's cache folder. */
    static Path defaultCache() {
        return Path.of(System.getProperty("user.home", "."), ".cache", "hemline", "store");
    }

    /** The models of this store, in alphabetical order. */
    List<String> models();

    /** All versions of a model, the newest first, including those that are not intact. */
    List<StoredVersion> versions(String model);

    /** The version that the channel names, read from the store; empty if it names none yet. */
    OptionalInt desired(String model, Channel channel);

    /**
     * The version that the channel named when it was last read on this machine, for a time when the store cannot be
     * read. Only a remote store records it.
     */
    default OptionalInt lastKnown(String model, Channel channel) {
        return OptionalInt.empty();
    }

    /**
     * Reads every byte of a version and compares it with the manifest and, by the policy, its signature. The verdict
     * is about the bytes that were read: a version is run from a {@link #copy}.
     */
    Artifact verify(String model, int version) throws ArtifactRejected;

    /**
     * Copies a version into an empty folder that only the caller can write to, and verifies the copy. Only this copy
     * may be loaded: in a folder that others can write to, a verified file can change before it is opened.
     */
    Artifact copy(String model, int version, Path folder) throws ArtifactRejected;

    /** Points the channel at a version; refuses a version that {@link #verify} refuses. */
    void promote(String model, int version, Channel channel);

    /** Points the channel at the greatest intact version below the desired one, and returns it. */
    int rollback(String model, Channel channel);

    /** Points the channel at a version below the desired one. */
    void rollback(String model, Channel channel, int version);

    /**
     * Deletes all versions but the newest {@code keep} and those that a channel names; returns the deleted ones,
     * ascending.
     */
    List<Integer> prune(String model, int keep);

    /**
     * A text that changes when a file of the version does, cheap enough for one call per second. Does not depend on
     * whether the version is intact or exists.
     */
    String stamp(String model, int version);
}
