package io.hemline.serving.lifecycle;

import io.hemline.serving.engine.Row;
import io.hemline.store.Manifest;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random rows of every {@link Kind} of series, with gaps, empty variables, ids outside any vocabulary, and image
 * embeddings of any magnitude.
 *
 * <p>Confined to one thread; equal seeds draw equal rows.
 */
final class RandomRows {

    private static final float HUGE = 1e30f;
    private static final long MONDAY = 20_773;

    private final int weeks;
    private final int variables;
    private final int embeddingLength;
    private final Random random;

    RandomRows(Manifest manifest, long seed) {
        this.weeks = manifest.contextLength();
        this.variables = manifest.variables().size();
        this.embeddingLength = manifest.embeddingDim();
        this.random = new Random(seed);
    }

    /** The shape of the volume; plain kinds resemble real markets. */
    enum Kind {
        SEASONAL(true),
        RANDOM_WALK(true),
        INTERMITTENT(true),
        COUNTS(true),
        CONSTANT(true),
        BOTH_SIGNS(true),
        EMPTY(false),
        SINGLE_WEEK(false),
        ZERO(false),
        NEGATIVE(false),
        HUGE_VALUES(false),
        TINY_VALUES(false),
        DENORMAL_VALUES(false),
        ALTERNATING_SIGNS(false),
        STEPS(false),
        EVERY_SIZE(false),
        ONE_PEAK(false),
        LONG_AGO(false);

        private final boolean plain;

        Kind(boolean plain) {
            this.plain = plain;
        }

        boolean plain() {
            return plain;
        }
    }

    /** A row of a kind, with random length, gaps and other variables. */
    Row row(Kind kind) {
        return row(kind, 1 + random.nextInt(weeks), random.nextInt(3) == 0 ? random.nextDouble() : 0);
    }

    /**
     * A row of a kind.
     *
     * @param length weeks from the first to the last
     * @param gaps share of unobserved weeks; the last one is always observed
     */
    Row row(Kind kind, int length, double gaps) {
        float[] history = new float[weeks * variables];
        boolean[] observed = new boolean[history.length];
        double phase = 7 * random.nextDouble();
        double level = Math.pow(10, 6 * random.nextDouble() - 3);
        double walk = 1;
        for (int week = weeks - length; week < weeks; week++) {
            walk *= Math.exp(0.1 * random.nextGaussian());
            history[week * variables] = (float) volume(kind, week, level, walk, Math.sin(phase + week / 8.28));
            observed[week * variables] =
                    kind != Kind.EMPTY && (week == weeks - 1 || random.nextDouble() >= gaps) && isObserved(kind, week);
        }
        otherVariables(history, observed, weeks - length);
        for (int cell = 0; cell < history.length; cell++) {
            history[cell] = observed[cell] ? history[cell] : 0;
        }
        float[] embedding = embedding();
        return new Row(history, observed, MONDAY - 7L * random.nextInt(400), ids(), embedding, embedding != null);
    }

    /** The same row with random values in unobserved cells, and in the embedding of a row without an image. */
    Row withUnobservedNoise(Row row) {
        float[] history = row.history().clone();
        for (int cell = 0; cell < history.length; cell++) {
            history[cell] = row.observed()[cell] ? history[cell] : noise();
        }
        float[] embedding = row.embedding();
        if (!row.hasImage()) {
            embedding = new float[embeddingLength];
            for (int i = 0; i < embeddingLength; i++) {
                embedding[i] = noise();
            }
        }
        return new Row(history, row.observed(), row.lastWeek(), row.staticIds(), embedding, row.hasImage());
    }

    /** The same row with its volume multiplied. */
    Row scaled(Row row, float factor) {
        float[] history = row.history().clone();
        for (int cell = 0; cell < history.length; cell += variables) {
            history[cell] *= factor;
        }
        return new Row(history, row.observed(), row.lastWeek(), row.staticIds(), row.embedding(), row.hasImage());
    }

    /** The same values at other dates. */
    Row moved(Row row, int byWeeks) {
        long lastWeek = row.lastWeek() + 7L * byWeeks;
        return new Row(row.history(), row.observed(), lastWeek, row.staticIds(), row.embedding(), row.hasImage());
    }

    /** The greatest absolute value of the observed volume. */
    double magnitude(Row row) {
        double size = 0;
        for (int cell = 0; cell < row.history().length; cell += variables) {
            size = Math.max(size, row.observed()[cell] ? Math.abs(row.history()[cell]) : 0);
        }
        return size;
    }

    /** Whether no observed volume is below zero. */
    boolean nonNegative(Row row) {
        for (int cell = 0; cell < row.history().length; cell += variables) {
            if (row.observed()[cell] && row.history()[cell] < 0) {
                return false;
            }
        }
        return true;
    }

    private double volume(Kind kind, int week, double level, double walk, double wave) {
        double noise = Math.exp(0.1 * random.nextGaussian());
        return switch (kind) {
            case SEASONAL, EMPTY, SINGLE_WEEK, LONG_AGO -> level * (1 + 0.6 * wave) * noise;
            case RANDOM_WALK -> level * walk;
            case INTERMITTENT -> random.nextInt(6) == 0 ? level * noise : 0;
            case COUNTS -> random.nextInt(4);
            case CONSTANT -> level;
            case BOTH_SIGNS -> level * (wave + 0.1 * random.nextGaussian());
            case ZERO -> 0;
            case NEGATIVE -> -level * (1 + 0.6 * wave) * noise;
            case HUGE_VALUES -> HUGE * random.nextDouble();
            case TINY_VALUES -> 1e-30 * (1 + random.nextDouble());
            case DENORMAL_VALUES -> 1e-40 * (1 + random.nextInt(9));
            case ALTERNATING_SIGNS -> (week % 2 == 0 ? 1 : -1) * level * (random.nextInt(50) == 0 ? 1e20 : 1);
            case STEPS -> week / 30 % 2 == 0 ? level : level * 1e20;
            case EVERY_SIZE -> (random.nextBoolean() ? 1 : -1) * Math.pow(10, 60 * random.nextDouble() - 30);
            case ONE_PEAK -> week == weeks - 5 ? 1e6 * level : 0;
        };
    }

    private boolean isObserved(Kind kind, int week) {
        return switch (kind) {
            case SINGLE_WEEK -> week == weeks - 1;
            case LONG_AGO -> week < weeks / 4;
            default -> true;
        };
    }

    private void otherVariables(float[] history, boolean[] observed, int from) {
        for (int variable = 1; variable < variables; variable++) {
            if (random.nextBoolean()) {
                continue;
            }
            float size = random.nextInt(10) == 0 ? HUGE : 1;
            for (int week = from; week < weeks; week++) {
                history[week * variables + variable] =
                        size * (float) (variable == 2 ? gaussian() : random.nextDouble());
                observed[week * variables + variable] = random.nextInt(5) > 0;
            }
        }
    }

    private double gaussian() {
        return Math.max(-1, Math.min(1, random.nextGaussian()));
    }

    private long[] ids() {
        long[] ids = {random.nextInt(7), random.nextInt(3), random.nextInt(12)};
        if (random.nextInt(5) == 0) {
            ids[random.nextInt(3)] = random.nextBoolean() ? Long.MIN_VALUE : random.nextLong();
        }
        return ids;
    }

    private float @Nullable [] embedding() {
        if (random.nextBoolean()) {
            return null;
        }
        float size = new float[] {0, 1e-30f, 1, 1, 1, HUGE}[random.nextInt(6)];
        float[] embedding = new float[embeddingLength];
        for (int i = 0; i < embeddingLength; i++) {
            embedding[i] = size * (float) gaussian();
        }
        return embedding;
    }

    private float noise() {
        return (float) ((random.nextBoolean() ? 1 : -1) * Math.pow(10, 60 * random.nextDouble() - 30));
    }
}
