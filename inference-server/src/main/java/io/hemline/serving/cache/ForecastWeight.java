package io.hemline.serving.cache;

import io.hemline.serving.core.Features;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Series;
import org.jspecify.annotations.Nullable;

/** What a remembered forecast takes of the heap, to within some tens of percent. */
final class ForecastWeight {

    /** Objects, headers, the key, the cache's own entry and the short texts. */
    private static final int FRAME = 1300;

    private ForecastWeight() {}

    static int bytes(Forecast forecast) {
        Features features = forecast.features();
        Series series = features.series();
        int doubles = length(series.volume())
                + length(series.influencerShare())
                + length(series.sentiment())
                + length(series.engagement());
        float @Nullable [] embedding = features.embedding();
        int floats = (embedding == null ? 0 : embedding.length)
                + forecast.drivers().variableWeights().length
                + forecast.drivers().weekWeights().length
                + Forecast.HORIZON * Forecast.LEVELS.size();
        int text = features.warnings().stream().mapToInt(String::length).sum();
        return FRAME + Double.BYTES * doubles + Float.BYTES * floats + text;
    }

    private static int length(double @Nullable [] values) {
        return values == null ? 0 : values.length;
    }
}
