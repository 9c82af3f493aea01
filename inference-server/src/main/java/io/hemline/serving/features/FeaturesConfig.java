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
 * @param postgres the online store that Feast writes
 */
public record FeaturesConfig(Source source, Path snapshot, PostgresConfig postgres) {

    public FeaturesConfig {
        requireNonNull(source, "source");
        requireNonNull(snapshot, "snapshot");
        requireNonNull(postgres, "postgres");
    }

    /** The demo's snapshot. */
    public static FeaturesConfig defaults() {
        return ofSnapshot(Path.of("model-store/demo/features.jsonl.gz"));
    }

    /** One file. */
    public static FeaturesConfig ofSnapshot(Path snapshot) {
        return new FeaturesConfig(Source.SNAPSHOT, snapshot, PostgresConfig.defaults());
    }

    /** Kinds of sources. */
    public enum Source {
        /** One file, read once at start. */
        SNAPSHOT,
        /** The online store that Feast writes, in PostgreSQL. */
        FEAST
    }
}
