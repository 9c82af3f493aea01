package io.hemline.store;

import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The storage of a store's files, with atomic changes. The rules of a store are
 * {@link BackedModelStore}'s. All methods block and throw {@link StoreException} when the storage cannot be read or
 * written. Implementations are thread-safe.
 */
interface StorageBackend {

    /**
     * The names of the folders that contain a {@code versions} folder, in order; not all of them are names of models.
     */
    List<String> models();

    /** The published versions, ascending, each with the tag of its manifest; empty tags where the backend has none. */
    NavigableMap<Integer, String> versions(String model);

    /** The artifact that the manifest promises; no other file is read. */
    Artifact describe(String model, int version, String manifestTag);

    /** Reads every byte of a version and compares it with its manifest and signature. */
    Artifact verify(String model, int version);

    /** Copies a version into an empty folder and verifies the copy. */
    Artifact copy(String model, int version, Path folder);

    /** A text that changes when a file of the version does; empty if there is no such version. */
    String stamp(String model, int version);

    /** The channel's pointer; a pointer that names no version has a fault, and only failing storage throws. */
    Pointer pointer(String model, Channel channel);

    /**
     * Replaces a pointer atomically. Returns false, without a change, if the backend detects that another writer
     * replaced the pointer after it was read.
     */
    boolean replace(String model, Pointer before, int version);

    /** Hides a version from all readers; empty if it is not there any more. */
    Optional<Removal> hide(String model, int version);

    /** Deletes the files that interrupted removals left. */
    default void deleteHidden(String model) {}

    /** Records the version that a pointer names, for a later time when the storage cannot be read. */
    default void record(String model, Channel channel, int version) {}

    /** The version that the pointer named when it was last recorded. */
    default OptionalInt lastKnown(String model, Channel channel) {
        return OptionalInt.empty();
    }

    /** The removal of a hidden version, which can still be undone. */
    interface Removal {

        /** Makes the version visible again. */
        void undo();

        /** Deletes its files. */
        void complete();
    }
}
