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

    /** The store at that place, its signatures not looked at. */
    static ModelStore open(String url) {
        return open(url, SignaturePolicy.UNCHECKED, defaultCache());
    }

    /**
     * The store at that place.
     *
     * @param url the path of a folder, its {@code file:} URL, or {@code s3://bucket/prefix}
     * @param policy whose signatures count
     * @param cache the folder that versions of a distant store are brought to
     */
    static ModelStore open(String url, SignaturePolicy policy, Path cache) {
        if (url.startsWith("s3://")) {
            return new BackedModelStore(
                    new S3Backend(S3Location.parse(url), S3Connection.fromEnvironment(), cache, policy));
        }
        if (url.isBlank()) {
            throw new StoreException("the store's place is empty; name a folder or s3://bucket/prefix");
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

    /** Where versions of a distant store are kept unless told otherwise: the user's cache folder. */
    static Path defaultCache() {
        return Path.of(System.getProperty("user.home", "."), ".cache", "hemline", "store");
    }

    /** The models of this store, in order. */
    List<String> models();

    /** All versions of a model, the newest first, including those that are not intact. */
    List<StoredVersion> versions(String model);

    /** The version that the channel names, read anew; empty if it names none yet. */
    OptionalInt desired(String model, Channel channel);

    /**
     * The version that the channel named when it was last read on this machine, for a time when the store cannot be read.
     * Only a remote store records it.
     */
    default OptionalInt lastKnown(String model, Channel channel) {
        return OptionalInt.empty();
    }

    /**
     * Reads every byte of a version and compares it with the manifest and, as the policy says, its signature. The verdict is
     * about the bytes that were read: what is run afterwards comes from {@link #copy}.
     */
    Artifact verify(String model, int version) throws ArtifactRejected;

    /**
     * Copies a version into an empty folder that is the caller's alone, and verifies the copy. Only what this gives may be
     * loaded: where others may write, a file that was verified can be another one by the time it is opened.
     */
    Artifact copy(String model, int version, Path folder) throws ArtifactRejected;

    /** Points the channel at a version; refuses what {@link #verify} refuses. */
    void promote(String model, int version, Channel channel);

    /** Points the channel at the greatest intact version below the desired one, and returns it. */
    int rollback(String model, Channel channel);

    /** Points the channel at a version below the desired one. */
    void rollback(String model, Channel channel, int version);

    /** Deletes all versions but the newest {@code keep} and those that a channel names; returns the deleted, in order. */
    List<Integer> prune(String model, int keep);

    /**
     * A text that changes when a file of the version does, cheap enough to be asked for every second. Says nothing of
     * whether the version is intact, or there at all.
     */
    String stamp(String model, int version);
}
