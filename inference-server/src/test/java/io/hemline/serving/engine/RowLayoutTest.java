package io.hemline.serving.engine;

import static io.hemline.serving.testing.Forecasts.LAST_WEEK;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Features;
import io.hemline.serving.core.Features.Attributes;
import io.hemline.serving.core.Series;
import io.hemline.store.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowLayoutTest {

    private static final Path MANIFEST = Path.of("../model-store/fixtures/store/good/trend/versions/1/manifest.json");
    private static final int WEEKS = 208;
    private static final double NONE = Double.NaN;

    private RowLayout layout;

    @BeforeEach
    void read() throws IOException {
        Manifest manifest = Manifest.parse(Files.readAllBytes(MANIFEST));
        layout = new RowLayout(manifest);
    }

    @Test
    void padsAShortHistoryOnTheLeft() {
        Row row = layout.row(features(Series.of(LAST_WEEK, 5, NONE, 7)));

        assertThat(volume(row, WEEKS - 1)).isEqualTo(7);
        assertThat(volume(row, WEEKS - 2)).isZero();
        assertThat(volume(row, WEEKS - 3)).isEqualTo(5);
        assertThat(volume(row, WEEKS - 4)).isZero();
        assertThat(IntStream.range(0, row.observed().length).filter(i -> row.observed()[i]))
                .containsExactly(4 * (WEEKS - 3), 4 * (WEEKS - 1));
        assertThat(row.lastWeek()).isEqualTo(LAST_WEEK.toEpochDay());
    }

    @Test
    void keepsTheLastWeeksOfALongHistory() {
        double[] weeks = IntStream.range(0, 300).asDoubleStream().toArray();

        Row row = layout.row(features(Series.of(LAST_WEEK, weeks)));

        assertThat(volume(row, 0)).isEqualTo(300 - WEEKS);
        assertThat(volume(row, WEEKS - 1)).isEqualTo(299);
    }

    @Test
    void interleavesTheVariables() {
        double[] none = {NONE};
        Series series = new Series(LAST_WEEK, none, new double[] {0.5}, new double[] {-1}, new double[] {9});

        Row row = layout.row(features(series));

        int last = 4 * (WEEKS - 1);
        assertThat(new float[] {row.history()[last + 1], row.history()[last + 2], row.history()[last + 3]})
                .containsExactly(0.5f, -1, 9);
        assertThat(row.observed()[last]).isFalse();
        assertThat(row.observed()[last + 3]).isTrue();
    }

    @Test
    void countsAnEmbeddingOfAnotherLengthAsMissing() {
        Row fitting = layout.row(features(Series.of(LAST_WEEK, 1), new float[8]));
        Row other = layout.row(features(Series.of(LAST_WEEK, 1), new float[9]));

        assertThat(fitting.hasImage()).isTrue();
        assertThat(other.hasImage()).isFalse();
        assertThat(other.embedding()).isNull();
    }

    private static float volume(Row row, int week) {
        return row.history()[4 * week];
    }

    private static Features features(Series series) {
        return features(series, null);
    }

    @SuppressWarnings("NullAway") // javac 17 does not read from class files that an array may be absent
    private static Features features(Series series, float @Nullable [] embedding) {
        return new Features(
                null, null, series, new Attributes("us", null, null), embedding, "2026-11-16", false, List.of());
    }
}
