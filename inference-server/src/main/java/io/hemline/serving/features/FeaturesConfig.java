package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where the features of known trends come from.
 *
 * <p>Immutable.
 *
 * @param source the kind of source
 * @param snapshot the {@code features.jsonl.gz} of a snapshot
 */
public record FeaturesConfig(Source source, Path snapshot) {

    public FeaturesConfig {
        requireNonNull(source, "source");
        requireNonNull(snapshot, "snapshot");
    }

    /** The demo's snapshot. */
    public static FeaturesConfig defaults() {
        return new FeaturesConfig(Source.SNAPSHOT, Path.of("model-store/demo/features.jsonl.gz"));
    }

    /** Kinds of sources. */
    public enum Source {
        /** One file, read once at start. */
        SNAPSHOT
    }
}
