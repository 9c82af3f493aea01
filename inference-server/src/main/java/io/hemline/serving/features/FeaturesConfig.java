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
 * @param maxEmbeddingMismatch the share of stored embeddings that may be of another image encoder than a version's own
 */
public record FeaturesConfig(Source source, Path snapshot, PostgresConfig postgres, double maxEmbeddingMismatch) {

    /** A new encoder is only worth its version when most looks have been encoded anew. */
    private static final double MISMATCH = 0.5;

    public FeaturesConfig {
        requireNonNull(source, "source");
        requireNonNull(snapshot, "snapshot");
        requireNonNull(postgres, "postgres");
        if (!(maxEmbeddingMismatch >= 0 && maxEmbeddingMismatch <= 1)) {
            throw new IllegalArgumentException("maxEmbeddingMismatch: 0 to 1, not " + maxEmbeddingMismatch);
        }
    }

    /** With the usual bound on embeddings of other encoders. */
    public FeaturesConfig(Source source, Path snapshot, PostgresConfig postgres) {
        this(source, snapshot, postgres, MISMATCH);
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
