package io.hemline.serving.features;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Settings of the source of features.
 *
 * <p>Immutable.
 *
 * @param source the kind of source
 * @param snapshot the {@code features.jsonl.gz} of a snapshot
 * @param postgres the online store that Feast writes
 * @param maxEmbeddingMismatch the largest share of stored embeddings of another image encoder than a version's own
 */
public record FeaturesConfig(Source source, Path snapshot, PostgresConfig postgres, double maxEmbeddingMismatch) {

    /** A version with a new encoder needs most embeddings to be recomputed by it. */
    private static final double DEFAULT_MAX_MISMATCH = 0.5;

    public FeaturesConfig {
        requireNonNull(source, "source");
        requireNonNull(snapshot, "snapshot");
        requireNonNull(postgres, "postgres");
        if (!(maxEmbeddingMismatch >= 0 && maxEmbeddingMismatch <= 1)) {
            throw new IllegalArgumentException("maxEmbeddingMismatch: 0 to 1, not " + maxEmbeddingMismatch);
        }
    }

    /** With the default bound on embeddings of other encoders. */
    public FeaturesConfig(Source source, Path snapshot, PostgresConfig postgres) {
        this(source, snapshot, postgres, DEFAULT_MAX_MISMATCH);
    }

    /** The demo's snapshot. */
    public static FeaturesConfig defaults() {
        return ofSnapshot(Path.of("model-store/demo/features.jsonl.gz"));
    }

    /** A snapshot file. */
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
