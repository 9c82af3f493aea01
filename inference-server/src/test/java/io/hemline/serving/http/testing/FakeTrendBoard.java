package io.hemline.serving.http.testing;

import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.TrendBoard;
import io.vertx.core.Future;
import java.util.List;

/** Five trends in two markets. */
public final class FakeTrendBoard implements TrendBoard {

    private static final Scores SCORES = new Scores(
            FakeForecaster.MODEL,
            List.of(
                    new ScoredTrend("cargo", "vn", 0.1f, TrendClass.STABLE),
                    new ScoredTrend("wideleg", "vn", 0.5f, TrendClass.RISING),
                    new ScoredTrend("wideleg", "us", 0.5f, TrendClass.RISING),
                    new ScoredTrend("newcomer", "us", null, TrendClass.STABLE),
                    new ScoredTrend("skinny", "us", -0.4f, TrendClass.FALLING)));

    @Override
    public Future<Scores> scores() {
        return Future.succeededFuture(SCORES);
    }
}
