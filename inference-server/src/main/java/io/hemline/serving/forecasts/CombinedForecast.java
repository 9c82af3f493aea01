package io.hemline.serving.forecasts;

import static java.util.Objects.requireNonNull;

import io.hemline.serving.core.Answer;
import io.hemline.serving.core.Forecast;
import io.hemline.serving.core.Forecast.TrendClass;
import io.hemline.serving.core.Question;
import io.hemline.serving.core.Question.SeriesQuestion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One score and class for several forecasts. The score is the mean of the scores, weighted by recent volume; unweighted
 * when a series of the client's own takes part, which has a unit of its own. Trends without a score do not count. The class is the
 * one that all share; else the one with more than half of the weight, where the score has its sign; else stable.
 *
 * <p>Immutable.
 *
 * @param trendScore {@code NaN} when no forecast has a score
 * @param trendClass of all together
 */
record CombinedForecast(double trendScore, TrendClass trendClass) {

    CombinedForecast {
        requireNonNull(trendClass, "trendClass");
    }

    /** The combination of the forecasts. */
    static CombinedForecast of(List<Question> questions, Answer answer) {
        boolean weighted = !bringsOwnSeries(questions);
        Map<TrendClass, Double> classWeights = new EnumMap<>(TrendClass.class);
        double sum = 0;
        double weights = 0;
        for (Forecast forecast : answer.forecasts()) {
            double score = forecast.trendScore();
            if (!Double.isFinite(score)) {
                continue;
            }
            double weight = weighted ? forecast.recentVolume() : 1;
            sum += weight * score;
            weights += weight;
            classWeights.merge(forecast.trendClass(), weight, Double::sum);
        }
        if (!(weights > 0)) {
            return new CombinedForecast(Double.NaN, sharedClass(answer.forecasts(), TrendClass.STABLE));
        }
        double score = sum / weights;
        return new CombinedForecast(score, sharedClass(answer.forecasts(), heaviest(classWeights, weights, score)));
    }

    private static boolean bringsOwnSeries(List<Question> questions) {
        for (Question question : questions) {
            if (question instanceof SeriesQuestion) {
                return true;
            }
        }
        return false;
    }

    private static TrendClass sharedClass(List<Forecast> forecasts, TrendClass otherwise) {
        TrendClass first = forecasts.get(0).trendClass();
        for (Forecast forecast : forecasts) {
            if (forecast.trendClass() != first) {
                return otherwise;
            }
        }
        return first;
    }

    private static TrendClass heaviest(Map<TrendClass, Double> classWeights, double weights, double score) {
        TrendClass direction = TrendClass.ofSign((long) Math.signum(score));
        return classWeights.getOrDefault(direction, 0.0) > weights / 2 ? direction : TrendClass.STABLE;
    }
}
