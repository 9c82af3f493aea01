package io.hemline.serving.lifecycle;

import static io.hemline.serving.testing.Forecasts.MODEL;
import static io.hemline.serving.testing.Forecasts.forecastOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.ForecastException;
import io.hemline.serving.core.ForecastException.Failure;
import io.hemline.serving.core.Forecaster;
import io.hemline.serving.core.Question.TrendQuestion;
import io.hemline.serving.core.TrendBoard.ScoredTrend;
import io.hemline.serving.core.TrendBoard.Scores;
import io.hemline.serving.features.FeatureSource;
import io.hemline.serving.features.KnownTrend;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TrendScorerTest {

    private final BlockingQueue<Scores> finished = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void retriesWhileTheServerIsFull() throws InterruptedException {
        Forecaster fullAtFirst = request -> asked.incrementAndGet() == 1
                ? Future.failedFuture(ForecastException.of(Failure.OVERLOADED, "full"))
                : Future.succeededFuture(
                        Answer.made(forecasts(request.questions().size()), MODEL));

        try (TrendScorer scorer = new TrendScorer(MODEL, fullAtFirst, new TwoTrends(), finished::add)) {
            scorer.start();

            Scores scores = finished.poll(10, TimeUnit.SECONDS);

            assertThat(scores).isNotNull();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void givesUpAfterALastingFailure() {
        Forecaster broken = request -> {
            asked.incrementAndGet();
            return Future.failedFuture(ForecastException.of(Failure.INTERNAL, "broken"));
        };

        TrendScorer scorer = new TrendScorer(MODEL, broken, new TwoTrends(), finished::add);
        scorer.start();
        scorer.awaitEnd();

        assertThat(asked).hasValue(3);
        assertThat(finished).isEmpty();
    }

    @Test
    void scoresTheOthersWhenOneTrendCannotBeAnswered() throws InterruptedException {
        Forecaster oneIsUnusable = request -> request.questions().contains(new TrendQuestion("a", "vn"))
                ? Future.failedFuture(ForecastException.of(Failure.UNKNOWN_TREND, "no trend \"a\""))
                : Future.succeededFuture(
                        Answer.made(forecasts(request.questions().size()), MODEL));

        try (TrendScorer scorer = new TrendScorer(MODEL, oneIsUnusable, new TwoTrends(), finished::add)) {
            scorer.start();

            Scores scores = finished.poll(10, TimeUnit.SECONDS);

            assertThat(scores).isNotNull();
            assertThat(scores.trends()).extracting(ScoredTrend::hashtag).containsExactly("b");
        }
    }

    private static List<Forecast> forecasts(int count) {
        return IntStream.range(0, count).mapToObj(i -> forecastOf("trend" + i)).toList();
    }

    /** A source that lists two trends. */
    private record TwoTrends() implements FeatureSource {

        @Override
        public Future<List<Optional<KnownTrend>>> find(List<TrendQuestion> questions) {
            throw new AssertionError("the scorer asks the forecaster");
        }

        @Override
        public Future<List<TrendQuestion>> all() {
            return Future.succeededFuture(List.of(new TrendQuestion("a", "vn"), new TrendQuestion("b", "vn")));
        }

        @Override
        public Future<Map<String, Long>> encoders() {
            return Future.succeededFuture(Map.of());
        }

        @Override
        public Set<String> markets() {
            return Set.of("vn");
        }

        @Override
        public String asOf() {
            return "";
        }
    }
}
