package io.hemline.serving.engine;

import io.hemline.serving.core.Features;
import io.hemline.serving.core.Series;
import io.hemline.serving.core.Vocabulary;
import io.hemline.store.Manifest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts features to rows of the forecaster's inputs: the last weeks of the history, left-padded, unobserved = 0.
 *
 * <p>Immutable.
 */
public final class RowLayout {

    private final Manifest manifest;
    private final int weeks;
    private final List<String> variables;
    private final int embeddingLength;
    private final Vocabulary vocabulary;

    public RowLayout(Manifest manifest) {
        this.manifest = manifest;
        this.weeks = manifest.contextLength();
        this.variables = manifest.variables();
        this.embeddingLength = manifest.embeddingDim();
        Manifest.Vocabularies words = manifest.vocabularies();
        this.vocabulary = new Vocabulary(words.market(), words.gender(), words.category());
    }

    public Manifest manifest() {
        return manifest;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    int weeks() {
        return weeks;
    }

    int variables() {
        return variables.size();
    }

    int embeddingLength() {
        return embeddingLength;
    }

    public Row row(Features features) {
        Series series = features.series();
        float[] history = new float[weeks * variables.size()];
        boolean[] observed = new boolean[history.length];
        for (int variable = 0; variable < variables.size(); variable++) {
            fill(values(series, variables.get(variable)), variable, history, observed);
        }
        float[] embedding = features.embedding();
        boolean fits = embedding != null && embedding.length == embeddingLength;
        return new Row(
                history,
                observed,
                series.lastWeek().toEpochDay(),
                vocabulary.ids(features.attributes()),
                fits ? embedding : null,
                fits);
    }

    private void fill(double @Nullable [] values, int variable, float[] history, boolean[] observed) {
        if (values == null) {
            return;
        }
        int kept = Math.min(weeks, values.length);
        for (int i = 0; i < kept; i++) {
            double value = values[values.length - kept + i];
            if (!Double.isNaN(value)) {
                int cell = (weeks - kept + i) * variables.size() + variable;
                history[cell] = (float) value;
                observed[cell] = true;
            }
        }
    }

    private static double @Nullable [] values(Series series, String variable) {
        return switch (variable) {
            case "volume" -> series.volume();
            case "influencer_share" -> series.influencerShare();
            case "sentiment" -> series.sentiment();
            case "engagement" -> series.engagement();
            default -> throw new IllegalArgumentException("variables: there is no feature " + variable);
        };
    }
}
