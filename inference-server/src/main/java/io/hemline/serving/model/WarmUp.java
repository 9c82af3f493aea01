package io.hemline.serving.model;

import io.hemline.serving.batch.BatchSizes;
import io.hemline.serving.forecast.Attributes;
import io.hemline.serving.forecast.Features;
import io.hemline.serving.forecast.Series;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;

/** Runs batches that nobody waits for. */
final class WarmUp {

    /** As often as it takes ONNX Runtime to settle its memory, and a little more for the clock. */
    private static final int ROUNDS = 8;

    private WarmUp() {}

    /** Runs every size, which also shows that the layout fits the graph; returns the sizes with the best time of each. */
    static BatchSizes run(GraphSession forecaster, RowLayout layout, BatchSizes sizes) {
        Row row = layout.row(new Features(
                null,
                null,
                Series.of(LocalDate.of(2026, 11, 16), 1, 2, 3),
                Attributes.UNKNOWN,
                null,
                "2026-11-16",
                false,
                List.of()));
        int[] all = sizes.all();
        long[] best = new long[all.length];
        try (ForecasterSession session = new ForecasterSession(forecaster, layout, sizes)) {
            for (int i = 0; i < all.length; i++) {
                List<Row> batch = Collections.nCopies(all[i], row);
                best[i] = Long.MAX_VALUE;
                for (int round = 0; round < ROUNDS; round++) {
                    long start = System.nanoTime();
                    session.run(batch);
                    best[i] = Math.min(best[i], System.nanoTime() - start);
                }
            }
        }
        return sizes.measured(best);
    }
}
