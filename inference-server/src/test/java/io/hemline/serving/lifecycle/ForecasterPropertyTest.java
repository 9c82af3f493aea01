package io.hemline.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.core.Closing;
import io.hemline.serving.engine.ForecasterSession;
import io.hemline.serving.engine.GraphSession;
import io.hemline.serving.engine.Row;
import io.hemline.serving.engine.Row.RowForecast;
import io.hemline.serving.lifecycle.RandomRows.Kind;
import io.hemline.store.Artifact;
import io.hemline.store.Manifest;
import io.hemline.store.ModelStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants of every answer of the demo's forecaster.onnx, in sessions as the server opens them.
 *
 * <p>A failure names its seed and round; {@code -Dforecaster.seed=N} draws other rows.
 */
class ForecasterPropertyTest {

    private static final long SEED = Long.getLong("forecaster.seed", 20261123);
    private static final int ROUNDS = 24;
    private static final float SUM_TOLERANCE = 1e-4f;

    /** Observed weeks from which a history holds its own season, so that its dates no longer matter. */
    private static final int YEAR = 52;

    private final Artifact artifact =
            ModelStore.open("../model-store/demo/store").verify("trend", 2);
    private final Manifest manifest = artifact.manifest();
    private final List<Integer> sizes = List.of(1, 2, 4, 8, 16, 32);
    private final GraphSession graph;
    private final ForecasterSession session;

    ForecasterPropertyTest() throws Exception {
        graph = GraphSession.open(artifact.forecaster());
        session = new ForecasterSession(graph, manifest, BatchSizes.of(sizes, 32));
    }

    @AfterEach
    void close() {
        Closing.all(List.of(session, graph));
    }

    @Test
    void answersAnythingWithOrderedFiniteQuantilesAClassAndWeightsOfSumOne() {
        for (int round = 0; round < ROUNDS; round++) {
            RandomRows drawn = rows(round);
            for (Kind kind : Kind.values()) {
                for (Row row : List.of(drawn.row(kind), drawn.row(kind, manifest.contextLength(), 0))) {
                    RowForecast answer = session.run(List.of(row)).get(0);

                    String where = where(round, kind);
                    assertThat(answer.trendClass()).as(where).isBetween(-1L, 1L);
                    ordered(answer, where);
                    shares(answer.variableWeights(), where + " variable_weights");
                    shares(answer.weekWeights(), where + " week_weights");
                    if (drawn.nonNegative(row)) {
                        assertThat(answer.quantiles()[0][0])
                                .as(where + " of no negative value")
                                .isNotNegative();
                        assertThat(least(answer))
                                .as(where + " of no negative value")
                                .isNotNegative();
                    }
                }
            }
        }
    }

    @Test
    void whatIsNotObservedChangesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            RandomRows drawn = rows(round);
            for (Kind kind : Kind.values()) {
                Row row = drawn.row(kind);

                RowForecast clean = session.run(List.of(row)).get(0);
                RowForecast noisy =
                        session.run(List.of(drawn.withUnobservedNoise(row))).get(0);

                same(clean, noisy, 0, 0, where(round, kind));
            }
        }
    }

    @Test
    void aThousandTimesTheSeriesIsAThousandTimesTheForecast() {
        for (int round = 0; round < ROUNDS; round++) {
            RandomRows drawn = rows(round);
            for (Kind kind : plainKinds()) {
                Row row = drawn.row(kind);
                double size = drawn.magnitude(row);
                float scale = (float) (Math.pow(10, 18.0 * round / ROUNDS - 6) / Math.max(size, 1e-3));

                RowForecast one = session.run(List.of(drawn.scaled(row, scale))).get(0);
                RowForecast thousand =
                        session.run(List.of(drawn.scaled(row, 1000 * scale))).get(0);

                String where = where(round, kind) + " times " + scale;
                assertThat(thousand.trendClass()).as(where).isEqualTo(one.trendClass());
                for (int week = 0; week < one.quantiles().length; week++) {
                    for (int level = 0; level < 3; level++) {
                        double expected = 1000.0 * one.quantiles()[week][level];
                        double allowed = 1e-4 * Math.abs(expected) + 1e-6 * 1000 * scale * size;
                        assertThat(Math.abs(thousand.quantiles()[week][level] - expected))
                                .as(where + " week " + week + " level " + level + " is " + expected)
                                .isLessThanOrEqualTo(allowed);
                    }
                }
            }
        }
    }

    @Test
    void anAnswerDoesNotDependOnTheOtherRowsOfItsBatch() {
        for (int round = 0; round < ROUNDS; round++) {
            RandomRows drawn = rows(round);
            Random random = new Random(SEED - round);
            int count = 1 + round % sizes.get(sizes.size() - 1);
            List<Kind> kinds = new ArrayList<>();
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                kinds.add(List.of(Kind.values()).get(random.nextInt(Kind.values().length)));
                rows.add(drawn.row(kinds.get(i)));
            }

            List<RowForecast> together = session.run(rows);

            for (int i = 0; i < count; i++) {
                RowForecast alone = session.run(List.of(rows.get(i))).get(0);
                String where = where(round, kinds.get(i)) + " in place " + i + " of " + count;
                // The tolerance is stated for quantiles near 1 and scales with the series.
                double atol = manifest.tolerance().atol() * Math.max(1, drawn.magnitude(rows.get(i)));
                same(alone, together.get(i), atol, manifest.tolerance().rtol(), where);
            }
        }
    }

    @Test
    void movingTheDatesOfALongHistoryKeepsItsForecast() {
        for (int round = 0; round < ROUNDS; round++) {
            RandomRows drawn = rows(round);
            Random random = new Random(SEED - round);
            for (Kind kind : plainKinds()) {
                Row row = drawn.row(kind, YEAR + random.nextInt(manifest.contextLength() - YEAR + 1), 0);
                int weeks = random.nextInt(1_000) - 500;

                RowForecast here = session.run(List.of(row)).get(0);
                RowForecast there =
                        session.run(List.of(drawn.moved(row, weeks))).get(0);

                same(here, there, 1e-6 * drawn.magnitude(row), 1e-5, where(round, kind) + " moved by " + weeks);
            }
        }
    }

    private RandomRows rows(int round) {
        return new RandomRows(manifest, SEED + round);
    }

    private static String where(int round, Kind kind) {
        return "seed " + SEED + " round " + round + " " + kind;
    }

    private static List<Kind> plainKinds() {
        return Arrays.stream(Kind.values()).filter(Kind::plain).toList();
    }

    private static void ordered(RowForecast answer, String where) {
        assertThat(answer.quantiles().length).as(where).isEqualTo(13);
        for (float[] levels : answer.quantiles()) {
            for (float level : levels) {
                assertThat(Float.isFinite(level)).as(where + " " + level).isTrue();
            }
            assertThat(levels[0] <= levels[1] && levels[1] <= levels[2])
                    .as(where + " " + Arrays.toString(levels))
                    .isTrue();
        }
    }

    private static float least(RowForecast answer) {
        float least = Float.POSITIVE_INFINITY;
        for (float[] levels : answer.quantiles()) {
            least = Math.min(least, levels[0]);
        }
        return least;
    }

    private static void shares(float[] weights, String where) {
        double sum = 0;
        for (float weight : weights) {
            // Also false for NaN.
            assertThat(weight >= 0).as(where + " " + weight).isTrue();
            sum += weight;
        }
        assertThat(Math.abs(sum - 1)).as(where).isLessThanOrEqualTo(SUM_TOLERANCE);
    }

    /** Weights are compared in their own size, 1. */
    private static void same(RowForecast expected, RowForecast actual, double atol, double rtol, String where) {
        assertThat(actual.trendClass()).as(where).isEqualTo(expected.trendClass());
        for (int week = 0; week < expected.quantiles().length; week++) {
            near(expected.quantiles()[week], actual.quantiles()[week], atol, rtol, where + " week " + week);
        }
        double atolOfWeights = Math.min(atol, 1e-4);
        near(expected.variableWeights(), actual.variableWeights(), atolOfWeights, rtol, where + " variable_weights");
        near(expected.weekWeights(), actual.weekWeights(), atolOfWeights, rtol, where + " week_weights");
    }

    private static void near(float[] expected, float[] actual, double atol, double rtol, String where) {
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            assertThat(difference <= atol + rtol * Math.abs(expected[i]))
                    .as(where + " place " + i + ": " + actual[i] + " is not " + expected[i])
                    .isTrue();
        }
    }
}
