package io.hemline.serving.core;

import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.ForecastException.Failure;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every trend that the feature store knows, scored by the live model in the background. */
public interface TrendBoard {

    /** The scores of the live model, in no order; fails with {@link Failure#NO_MODEL} while there is none. */
    Future<Scores> scores();

    /**
     * The scores of every trend by one model version.
     *
     * @param model the version
     * @param trends one for each trend and market
     */
    record Scores(ModelIdentity model, List<ScoredTrend> trends) {

        public Scores {
            trends = List.copyOf(trends);
        }
    }

    /**
     * One trend's score.
     *
     * @param hashtag canonical
     * @param market of the trend
     * @param trendScore absent without a recent mean to compare with
     * @param trendClass the class that the model gives it
     */
    record ScoredTrend(
            String hashtag, String market, @Nullable Float trendScore, TrendClass trendClass) {}
}
