package io.hemline.serving.core;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every trend that the feature store knows, scored by the live model in the background. */
public interface TrendBoard {

    /** The scores of the live model, in no order; fails with {@link Failure#NO_MODEL} while there is none. */
    Future<Scores> scores();

    /**
     * What one model version says of every trend.
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
     * @param market where
     * @param trendScore absent where there is nothing to compare with
     * @param trendClass what the model calls it
     */
    record ScoredTrend(
            String hashtag, String market, @Nullable Float trendScore, TrendClass trendClass) {}
}
